import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/**
 * Starts the system's Chromium for a test file. Start it once in `beforeAll`, take a `browser.newContext()` for each
 * test (a context is a person's whole browser: cookies, storage, locks and channels of its own; its pages are tabs),
 * and `await browser.close()` in `afterAll`. Where there is no Chromium the test fails and says so; it never skips.
 *
 * @param args more of Chromium's command line
 */
export function startChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    // Its sandbox needs rights that containers seldom have, and /dev/shm is small there. Only pages of ours are opened.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', ...args],
  });
}
