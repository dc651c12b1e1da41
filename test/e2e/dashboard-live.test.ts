import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type Dashboard, settle, startDashboard } from '../ops/dashboard.ts';
import { mintTokens } from '../reports/fill-month.ts';
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

async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  context = await dashboard.open(browser, 'admin', options);
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

const total = (page: Page) => page.locator('[data-live="identities.total"]');
/** Longer than a page takes to load; so far ahead a paused clock is set. */
const HOUR_MS = 3_600_000;
const identity = { identity: 'm_new', at: '2026-11-20T20:00:00Z' };

describe('the figures of the month', () => {
  it('change by themselves, and wait while the pointer is on them', async () => {
    const page = await open('/ops');
    const before = Number(await total(page).innerText());
    await page.locator('#freshness:has-text("data ")').waitFor();
    await mintTokens(dashboard.gateway.ledger, [identity]);
    await page.locator(`[data-live="identities.total"]:text-is("${before + 1}")`).waitFor();

    // Another tab says when the next number has gone out to both.
    const other = await context.newPage();
    await other.goto('/ops');
    await other.locator('#freshness:has-text("data ")').waitFor();
    await total(page).hover();
    await mintTokens(dashboard.gateway.ledger, [{ ...identity, identity: 'm_newer' }]);
    await other.locator(`[data-live="identities.total"]:text-is("${before + 2}")`).waitFor();
    expect(await total(page).innerText()).toBe(String(before + 1));
    await page.mouse.move(0, 0);
    await page.locator(`[data-live="identities.total"]:text-is("${before + 2}")`).waitFor();
  });

  it('look old at once when the ledger does not answer, and keep their numbers', async () => {
    const page = await open('/ops');
    const before = await total(page).innerText();
    await page.locator('#freshness:has-text("data ")').waitFor();
    dashboard.setAway(true);
    await page.locator('#freshness.stale:has-text("the ledger does not answer")').waitFor();
    expect(await page.locator('#figures.old').count()).toBe(1);
    expect(await page.locator('#store').innerText()).toBe('Redis away');
    expect(await total(page).innerText()).toBe(before);
    dashboard.setAway(false);
    await page.locator('#freshness:not(.stale)').waitFor();
    expect(await page.locator('#store').innerText()).toBe('Redis ok');
  });

  it('are visibly old after 30 s without news', async () => {
    context = await dashboard.open(browser, 'viewer');
    const page = await context.newPage();
    // The page's clock stands still but for what the test adds: loading takes no time.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + HOUR_MS);
    await page.route('**/v1/events*', () => {});
    await page.goto('/ops');
    await page.clock.runFor(20_000);
    expect(await page.locator('#freshness.stale').count()).toBe(0);
    await page.clock.runFor(15_000);
    expect(await page.locator('#freshness.stale').innerText()).toBe('no news; data 35 s old');
    expect(await page.locator('#store').innerText()).toBe('Redis unknown');
  });

  it('are asked for where events do not get through', async () => {
    context = await dashboard.open(browser, 'viewer');
    const page = await context.newPage();
    await page.route('**/v1/events*', (route) => route.fulfill({ status: 502 }));
    await mintTokens(dashboard.gateway.ledger, []);
    const polled = page.waitForResponse('**/v1/months/2026-11');
    await page.goto('/ops');
    expect((await polled).status()).toBe(200);
    await page.locator('#freshness:has-text("data ")').waitFor();
  });

  it('of a fresh gateway turn into a full page when the first token is minted', async () => {
    await dashboard.stop();
    dashboard = await startDashboard({ filled: false });
    const page = await open('/ops');
    expect(await page.locator('.empty').innerText()).toContain(`curl -s -X POST ${dashboard.url}/v1/tokens`);
    await mintTokens(dashboard.gateway.ledger, [identity]);
    await page.locator('#burn-up').waitFor();
    expect(await page.locator('.empty').count()).toBe(0);
  });
});

describe('small helps', () => {
  it('offer no link where the page answers a form, and has no address', async () => {
    const page = await open('/ops/identities', { permissions: ['clipboard-read', 'clipboard-write'] });
    await settle(page);
    expect(await page.locator('.copy').allTextContents()).toEqual([
      'Copy link to Identities found',
      'Copy link to Show whole names',
    ]);
    await page.fill('#reveal-reason', 'Ticket 17');
    await page.click('text=Show them');
    await page.locator('.done').waitFor();
    await settle(page);
    expect(await page.locator('.raw').count()).toBe(2);
    expect(await page.locator('.copy').count()).toBe(0);
  });

  it('copy a link that leads to the panel, and say what an instant is here', async () => {
    const page = await open('/ops', {
      permissions: ['clipboard-read', 'clipboard-write'],
      timezoneId: 'Asia/Tokyo',
    });
    // What the button says passes after a while; not before the test has looked.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + HOUR_MS);
    await page.click('#forecast .copy');
    await page.locator('#forecast .copy:has-text("Copied the link")').waitFor();
    await page.clock.resume();
    await page.locator('#forecast .copy:has-text("Copy link")').waitFor();
    const address = await page.evaluate('navigator.clipboard.readText()');
    expect(address).toBe(`${dashboard.url}/ops#forecast`);
    await page.goto(String(address));
    expect(await page.locator('#forecast').isVisible()).toBe(true);
    await page.click('nav.sections >> text=Identities');
    await page.waitForURL('**/ops/identities');
    const time = page.locator('tbody time').first();
    const hour = Number((await time.innerText()).slice(11, 13));
    expect(await time.getAttribute('title')).toMatch(
      new RegExp(`\\b${(hour + 9) % 12 || 12}:\\d\\d.*local time$`),
    );
  });
});

describe('by keyboard', () => {
  it('everything is reached, and keys lead on', async () => {
    const page = await open('/ops');
    await settle(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/ops#main$/);
    await page.keyboard.press('[');
    await page.waitForURL('**/ops?month=2026-10');
    await page.goBack();
    await page.waitForURL(/\/ops#main$/);
    await page.keyboard.press('/');
    await page.waitForURL('**/ops/identities');
    await settle(page);
    await page.keyboard.press('/');
    await page.keyboard.type('[?');
    expect(await page.inputValue('#q')).toBe('[?');
  });

  it('the keys are listed, and can be turned off', async () => {
    const page = await open('/ops');
    await settle(page);
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await page.click('text=Turn these keys off');
    await page.keyboard.press('Escape');
    await page.keyboard.press('[');
    await settle(page);
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('without scripts', () => {
  it('every figure, filter, form and page is there', async () => {
    const page = await open('/ops', { javaScriptEnabled: false });
    expect(await total(page).innerText()).toMatch(/^\d+$/);
    expect(await page.locator('#burn-up svg').count()).toBe(1);
    await page.click('summary');
    expect(await page.locator('#days tbody tr').count()).toBe(20);
    await page.click('text=Oct 2026');
    expect(await page.locator('.status').innerText()).toContain('October 2026');
    await page.click('nav.sections >> text=Identities');
    await page.selectOption('#class', 'guest');
    await page.click('button:has-text("Search")');
    // A click waits until the next page begins, and rows are counted as they come.
    await page.waitForLoadState();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(10);
    await page.click('nav.sections >> text=Budget');
    await page.fill('#limit', '900');
    await page.fill('#budget-reason', 'Tried by hand');
    await page.click('text=Set the budget');
    expect(await page.locator('.done').innerText()).toContain('The budget is set.');
    await page.click('button:has-text("dark")');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(page.url()).toContain('/ops/budget');
    await page.click('text=Sign out');
    expect(await page.locator('h1').innerText()).toBe('Sign in');
  });
});
