import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { TwilioUnavailable } from '../../src/domain/twilio-unavailable.ts';
import type { OperatorRole } from '../../src/ops/operator.ts';
import type { UsageFigures } from '../../src/reconcile/ports.ts';
import { type Dashboard, type DashboardOptions, settle, startDashboard } from '../ops/dashboard.ts';
import { gatewayState, NOW } from '../ops/operator-app.ts';
import { startChromium } from '../support/chromium.ts';

interface State {
  name: string;
  path: string;
  role: OperatorRole | null;
  options?: DashboardOptions;
  /** What has to happen before the page is as it should be. */
  prepare?: (dashboard: Dashboard, page: Page) => Promise<void>;
  /** Whether the preparation leaves the page as it should be; else `path` is opened after it. */
  stays?: true;
  /** A sentence that shows that it is. */
  says: string;
  /** In which theme it is kept under `docs/screenshots`, if at all. */
  keep?: 'light' | 'dark';
}

const SEEN = Date.parse(NOW);

const USAGE: UsageFigures = {
  ...{ category: 'pchat-users', startDate: '2026-11-01', endDate: '2026-11-30', count: 317 },
  ...{ usage: 317, usageUnit: 'users', price: 15.85, currency: 'USD', asOf: '2026-11-20T15:00:00Z' },
};

const STATES: State[] = [
  { name: 'sign-in', path: '/ops', role: null, says: 'Ops key' },
  {
    name: 'fresh',
    path: '/ops',
    role: 'admin',
    options: { filled: false },
    says: 'The first token shows here at once',
    keep: 'light',
  },
  {
    name: 'month',
    path: '/ops',
    role: 'finance',
    prepare: (dashboard) => dashboard.setBudget(400, 'warn'),
    says: 'identities at the end of the month',
    keep: 'light',
  },
  { name: 'month-viewer', path: '/ops', role: 'viewer', says: 'need the role finance' },
  { name: 'past-month', path: '/ops?month=2026-10', role: 'finance', says: 'over, 31 days' },
  {
    name: 'new-month',
    path: '/ops',
    role: 'finance',
    options: { at: '2026-12-02T09:00:00Z' },
    says: 'The month before: November 2026',
  },
  {
    name: 'over-budget',
    path: '/ops',
    role: 'finance',
    prepare: (dashboard) => dashboard.setBudget(200, 'block'),
    says: 'over budget',
    keep: 'dark',
  },
  {
    name: 'ledger-down',
    path: '/ops',
    role: 'finance',
    prepare: async (dashboard, page) => {
      await page.goto('/ops');
      dashboard.setAway(true);
      dashboard.gateway.clock.advance(240_000);
    },
    says: 'last known figures, 4 min old',
    keep: 'light',
  },
  { name: 'identities', path: '/ops/identities', role: 'admin', says: 'Show whole names', keep: 'dark' },
  {
    name: 'identities-whole',
    path: '/ops/identities?class=guest',
    role: 'admin',
    stays: true,
    prepare: async (_dashboard, page) => {
      await page.goto('/ops/identities?class=guest');
      await page.fill('#reveal-reason', 'Ticket 17');
      await page.click('text=Show them');
    },
    says: 'The audit log says that you read them',
  },
  {
    name: 'no-match',
    path: '/ops/identities?q=zz&class=guest',
    role: 'finance',
    says: 'Clear the filter',
  },
  {
    name: 'identity',
    path: '/ops/identities',
    role: 'admin',
    stays: true,
    prepare: async ({ gateway }, page) => {
      const month = monthOf(gateway.clock.now());
      const { items } = await gateway.ledger.identities(DEFAULT_SERVICE, month, { after: null, limit: 1 });
      await page.goto(`/ops/identities?q=${items[0]?.identity}`);
      await page.locator('tbody a').first().click();
    },
    says: 'Why they were counted',
  },
  {
    name: 'budget',
    path: '/ops/budget',
    role: 'admin',
    stays: true,
    prepare: async (dashboard, page) => {
      await dashboard.setBudget(400, 'warn');
      await page.goto('/ops/budget');
      await page.fill('#limit', '100');
      await page.fill('#budget-reason', 'Less is enough');
      await page.click('text=Set the budget');
    },
    says: 'To confirm, type 100',
    keep: 'light',
  },
  {
    name: 'budget-tried',
    path: '/ops/budget',
    role: 'admin',
    stays: true,
    prepare: async (dashboard, page) => {
      await dashboard.setBudget(400, 'warn');
      await page.goto('/ops/budget');
      await page.fill('#limit', '250');
      await page.click('text=Try it on last month');
    },
    says: 'this would have refused',
    keep: 'light',
  },
  {
    name: 'budget-details',
    path: '/ops/budget',
    role: 'admin',
    stays: true,
    prepare: async (dashboard, page) => {
      await dashboard.setBudget(400, 'warn');
      await page.goto('/ops/budget');
      await page.click('text=Classes, places kept');
      await page.fill('#tenants', 'acme 50');
      await page.selectOption('#spike-mode', 'block');
      await page.fill('#budget-reason', 'Fair shares');
      await page.click('text=Set the budget');
    },
    says: 'tenants: line 1 must be a name = a number.',
  },
  {
    name: 'budget-raised',
    path: '/ops/budget',
    role: 'admin',
    prepare: async (dashboard, page) => {
      await dashboard.setBudget(400, 'block');
      await page.goto('/ops/budget');
      await page.fill('#identities', '50');
      await page.fill('#raise-reason', 'Sale of the week');
      await page.click('button:text-is("Raise")');
    },
    says: 'End a raise early',
  },
  {
    name: 'system',
    path: '/ops/system',
    role: 'viewer',
    options: {
      gateway: gatewayState(SEEN, {
        journalBytes: 4_096,
        seen: { webhook: SEEN - 40_000, beacon: SEEN - 12_000 },
      }),
    },
    says: 'mau-guard doctor',
    keep: 'light',
  },
  {
    name: 'system-ledger-down',
    path: '/ops/system',
    role: 'viewer',
    prepare: async (dashboard) => dashboard.setAway(true),
    says: 'The ledger is away',
  },
  {
    name: 'no-usage-key',
    path: '/ops/reconciliation',
    role: 'finance',
    says: 'It needs an API key that may read Usage',
  },
  {
    name: 'reconciliation-failed',
    path: '/ops/reconciliation',
    role: 'finance',
    options: {
      usage: {
        readMonth: () => Promise.reject(new TwilioUnavailable('not-signed-in', 'the test says so')),
        listTriggers: async () => [],
      },
    },
    prepare: async (_dashboard, page) => {
      await page.goto('/ops/reconciliation');
      await page.click('button:has-text("Ask Twilio now")');
    },
    says: 'Check TWILIO_REST_API_KEY_SID',
  },
  {
    name: 'reconciliation',
    path: '/ops/reconciliation',
    role: 'finance',
    options: { usage: { readMonth: async () => USAGE, listTriggers: async () => [] } },
    prepare: async (_dashboard, page) => {
      await page.goto('/ops/reconciliation');
      await page.click('button:has-text("Ask Twilio now")');
    },
    says: 'What explains the difference',
    keep: 'light',
  },
  { name: 'budget-viewer', path: '/ops/budget', role: 'viewer', says: 'As it holds' },
  {
    name: 'alerts',
    path: '/ops/alerts',
    role: 'viewer',
    says: 'No alert has fired',
  },
  {
    name: 'alerts-tested',
    path: '/ops/alerts',
    role: 'admin',
    stays: true,
    options: {
      alertTester: {
        targets: ['pager', 'chat'],
        send: async () => [
          { target: 'pager', error: null },
          { target: 'chat', error: 'answered 404' },
        ],
      },
    },
    prepare: async (_dashboard, page) => {
      await page.goto('/ops/alerts');
      await page.fill('#test-reason', 'New channel');
      await page.click('text=Send a test');
    },
    says: 'chat: did not get it, answered 404',
  },
  {
    name: 'audit',
    path: '/ops/audit',
    role: 'admin',
    prepare: async (_dashboard, page) => {
      await page.goto('/ops/budget');
      await page.fill('#freeze-reason', 'Flood of sign-ups');
      await page.click('button:has-text("Freeze")');
    },
    says: 'freeze.set',
  },
  { name: 'counting', path: '/ops/counting', role: 'viewer', says: 'Counting rules' },
  { name: 'not-for-role', path: '/ops/audit', role: 'viewer', says: 'needs the role admin' },
  { name: 'no-such-month', path: '/ops?month=13', role: 'viewer', says: 'No such month' },
];

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

it.each(STATES)(
  'the page in the state $name is as it should be, in both themes and at every width',
  async (state) => {
    const isOwn = state.options !== undefined || state.prepare !== undefined;
    const dashboard = isOwn ? await startDashboard(state.options) : filled;
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
    await state.prepare?.(dashboard, page);
    if (!state.stays) await page.goto(state.path);
    await settle(page);

    expect(await page.locator('body').innerText()).toContain(state.says);
    expect(await page.getAttribute('html', 'data-theme')).toBe(first);
    if (KEPT && state.keep !== undefined) await keep(page, state.name);
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

/** Elements that stick out to the right, outside of regions that scroll by themselves. */
function overflowOf(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > width + 1 && !one.closest('.scroll, pre, .unseen'))
      .map((one) => one.outerHTML.slice(0, 120));
  })()`);
}

async function keep(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../docs/screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
