import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';
import { keepTraces } from './keep-traces.ts';

/**
 * Starts the system's Chromium for a test file. Start it once in `beforeAll`, take a `browser.newContext()` for each
 * test (a context is a person's whole browser: cookies, storage, locks and channels of its own; its pages are tabs),
 * and `await browser.close()` in `afterAll`. Where there is no Chromium the test fails and says so; it never skips.
 * With BROWSER_TRACES naming a folder, a Playwright trace of each context is kept there.
 *
 * @param args more of Chromium's command line
 */
export async function startChromium(args: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // Its sandbox needs rights that containers seldom have, and /dev/shm is small there. Only pages of ours are opened.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', ...args],
  });
  const folder = process.env['BROWSER_TRACES'] ?? '';
  if (folder !== '') keepTraces(browser, folder);
  return browser;
}
