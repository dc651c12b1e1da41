import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';

/**
 * Keeps a Playwright trace of every context of a browser, one file each, named by the test that opened it. To be looked
 * at with `npx playwright show-trace FILE`.
 */
export function keepTraces(browser: Browser, folder: string): void {
  const open = browser.newContext.bind(browser);
  const endBrowser = browser.close.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    await context.tracing.start({ screenshots: true, snapshots: true });
    saveAtEnd(context, join(folder, `${nameOfTest()}.${randomUUID().slice(0, 8)}.zip`));
    return context;
  };
  browser.close = async (options) => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await endBrowser(options);
  };
}

function saveAtEnd(context: BrowserContext, path: string): void {
  const close = context.close.bind(context);
  context.close = async (options) => {
    // Fails where the browser is gone already, or the test has ended the trace; the test itself must not.
    await context.tracing.stop({ path }).catch(() => {});
    await close(options);
  };
}

function nameOfTest(): string {
  const { currentTestName = 'setup' } = expect.getState();
  return currentTestName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80);
}
