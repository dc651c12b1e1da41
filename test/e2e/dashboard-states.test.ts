import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Dashboard, settle, startDashboard } from '../ops/dashboard.ts';
import { startChromium } from '../support/chromium.ts';
import { bring, PAGE_STATES } from './page-states.ts';

const KEPT = process.env['SCREENSHOTS'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const THEMES = ['light', 'dark'] as const;

let browser: Browser;
/** For states that only look: filling two months takes longer than looking at a page. */
let filled: Dashboard;
beforeAll(async () => {
  [browser, filled] = await Promise.all([startChromium(), startDashboard()]);
});
afterAll(async () => {
  await browser.close();
  await filled.stop();
});

/** What a test has opened. */
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

it.each(Object.entries(PAGE_STATES))(
  'the page in the state %s is as it should be, in both themes and at every width',
  async (name, state) => {
    const { options, budget, form, prepare } = state;
    const isOwn = [options, budget, form, prepare].some((given) => given !== undefined);
    const dashboard = isOwn ? await startDashboard(options) : filled;
    if (isOwn) opened.push(dashboard.stop);
    const first = state.keep ?? 'light';
    const context = await dashboard.open(browser, state.role, {
      ...{ viewport: { width: 1000, height: 1150 }, reducedMotion: 'reduce' },
      // Axe is put in from outside, which the policy of the pages forbids as it should.
      bypassCSP: true,
    });
    opened.push(() => context.close());
    await context.addCookies([{ name: 'mg_theme', value: first, url: dashboard.url }]);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      // A 503, 422 or 404 of the page itself is what the state is about.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        problems.push(message.text());
      }
    });
    await bring(dashboard, page, state);
    await settle(page);

    expect(await page.locator('body').innerText()).toContain(state.says);
    expect(await page.getAttribute('html', 'data-theme')).toBe(first);
    if (KEPT && state.keep !== undefined) await keep(page, name);
    await page.addScriptTag({ path: AXE });
    expect(await faultsOf(page)).toEqual([]);
    // The same page: only colours can be wrong in the other theme.
    const other = THEMES.find((theme) => theme !== first) ?? 'dark';
    await page.evaluate(`document.documentElement.setAttribute('data-theme', '${other}')`);
    expect([other, await faultsOf(page, ['color-contrast'])]).toEqual([other, []]);
    // 320 px is also what a page of 1280 px has at 400 %.
    for (const width of [320, 550]) {
      await page.setViewportSize({ width, height: 700 });
      await painted(page);
      expect([width, await overflowOf(page)]).toEqual([width, []]);
    }
    expect(problems).toEqual([]);
  },
);

/** What axe finds, by the rules of WCAG 2.2 AA and its own best practices. */
function faultsOf(page: Page, rules?: string[]): Promise<string[]> {
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    const { violations } = await axe.run(only ? { runOnly: only } : {});
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  }, rules);
}

/** Resolves when the page was laid out anew. */
function painted(page: Page): Promise<unknown> {
  return page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

interface AxeResult {
  violations: { id: string; nodes: { html: string }[] }[];
}

/** How wide the page is and what may widen it, where it is wider than the window; regions that scroll do so by themselves. */
function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const outside = [...document.querySelectorAll('body *')]
      .filter((one) => one.matches('.unseen') || !one.closest('.scroll, pre'))
      .filter((one) => one.getBoundingClientRect().right > clientWidth)
      .map((one) => one.outerHTML.slice(0, 120));
    return [scrollWidth + ' px wide', ...outside];
  })()`);
}

async function keep(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../docs/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
