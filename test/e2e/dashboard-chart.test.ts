import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Dashboard, startDashboard } from '../ops/dashboard.ts';
import { startChromium } from '../support/chromium.ts';

let browser: Browser;
let dashboard: Dashboard;
let context: BrowserContext;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  dashboard = await startDashboard();
});
afterEach(async () => {
  await context.close();
  await dashboard.stop();
});

/** The month's page, with its chart in view and drawn by the script; what goes wrong is added to `errors`. */
async function openChart(
  options: Parameters<Browser['newContext']>[0] = {},
  errors: string[] = [],
): Promise<Page> {
  context = await dashboard.open(browser, 'viewer', options);
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto('/ops');
  await page.locator('#burn-up').scrollIntoViewIfNeeded();
  await page.locator('#burn-up canvas').waitFor();
  return page;
}

describe('the chart', () => {
  it('can be pointed at, under the policy of the page', async () => {
    const errors: string[] = [];
    const page = await openChart({}, errors);
    const box = (await page.locator('#burn-up .u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
    const [day, count] = await page.locator('#burn-up .u-value').allInnerTexts();
    const row = page.locator('#days tbody tr').nth(20 - Number(day));
    expect(Number(day)).toBeGreaterThan(5);
    expect([day, count]).toEqual([
      (await row.locator('th').textContent())?.split(' ')[0],
      await row.locator('td').nth(1).textContent(),
    ]);
    expect(errors).toEqual([]);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('#burn-up svg .line, #burn-up svg.line, #burn-up polyline.line').count()).toBe(
      1,
    );
  });
});

describe('the day on which the budget is used up', () => {
  /** Where the mark is, between the days around it, in parts of the chart's width and height. */
  async function placeOf(page: Page) {
    const over = (await page.locator('#burn-up .u-over').boundingBox())!;
    const circle = (await page.locator('#burn-up .u-over .mark circle').boundingBox())!;
    return {
      x: (circle.x + circle.width / 2 - over.x) / over.width,
      y: (circle.y + circle.height / 2 - over.y) / over.height,
    };
  }

  /** Resolves when the chart was drawn anew after a change: on another canvas, or in another width. */
  async function drawnAnew(page: Page, change: () => Promise<void>) {
    const width = await page.locator('#burn-up canvas').getAttribute('width');
    await page.evaluate(`document.querySelector('#burn-up canvas').setAttribute('data-before', '')`);
    await change();
    await page.locator(`#burn-up canvas:not([data-before][width="${width}"])`).waitFor();
  }

  it('is marked in the chart, also after it was drawn anew', async () => {
    await dashboard.setBudget(400, 'warn');
    const page = await openChart({ colorScheme: 'light' });
    const [, day = ''] =
      /marked: Nov (\d+), when/.exec(await page.locator('#burn-up p').first().innerText()) ?? [];
    const changes = [
      null,
      () => page.emulateMedia({ colorScheme: 'dark' }),
      () => page.setViewportSize({ width: 600, height: 900 }),
    ];
    for (const change of changes) {
      if (change !== null) await drawnAnew(page, change);
      expect(await page.locator('#burn-up .mark').count()).toBe(1);
      expect(await page.locator('#burn-up .mark text').textContent()).toBe(`Nov ${day}`);
      const { x, y } = await placeOf(page);
      // The chart goes from day 1 to day 30.
      expect(x).toBeCloseTo((Number(day) - 1) / 29, 1);
      expect(y).toBeGreaterThan(0.1);
      expect(y).toBeLessThan(0.6);
    }
  });

  it('is not marked where the budget lasts', async () => {
    await dashboard.setBudget(9_000, 'warn');
    const page = await openChart();
    expect(await page.locator('#burn-up .mark').count()).toBe(0);
  });
});
