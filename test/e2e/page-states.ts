import type { Page } from 'playwright-core';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { TwilioUnavailable } from '../../src/domain/twilio-unavailable.ts';
import type { OperatorRole } from '../../src/ops/operator.ts';
import type { SetupFinding, UsageFigures } from '../../src/reconcile/ports.ts';
import type { Dashboard, DashboardOptions } from '../ops/dashboard.ts';
import { gatewayState, NOW } from '../ops/operator-app.ts';
import { ISSUER, ownIdentity } from '../ops/own-identity.ts';
import { mintTokens } from '../reports/fill-month.ts';

/** A page of the dashboard as an operator may find it. */
export interface PageState {
  path: string;
  role: OperatorRole | null;
  /** A sentence that shows that it is as it should be. */
  says: string;
  options?: DashboardOptions;
  budget?: [limit: number, mode: 'warn' | 'block'];
  /** What is filled in and pressed before, on `path` unless told. */
  form?: { at?: string; fill?: Record<string, string>; press: string };
  /** What else has to happen before. */
  prepare?: (dashboard: Dashboard, page: Page) => Promise<void>;
  /** Whether that leaves the page as it should be; else `path` is opened after it. */
  stays?: true;
  /** In which theme it is kept under `docs/screenshots`, if at all. */
  keep?: 'light' | 'dark';
}

const SEEN = Date.parse(NOW);

const USAGE: UsageFigures = {
  ...{ category: 'pchat-users', startDate: '2026-11-01', endDate: '2026-11-30', count: 317 },
  ...{ usage: 317, usageUnit: 'users', price: 15.85, currency: 'USD', asOf: '2026-11-20T15:00:00Z' },
};

const SETUP: SetupFinding[] = [
  {
    ...{ id: 'opening-numbers', name: 'Autocreation' },
    says: 'one number opens a conversation when somebody unknown writes',
    why: 'Each phone number that writes in becomes an active user.',
    fix: 'Switch autocreation off for the number.',
  },
];

const DELIVERED = { state: 'delivered', dueAt: null, error: null } as const;
const NOT_DELIVERED = { state: 'given-up', dueAt: null, error: 'answered 404' } as const;

const BUDGET = { path: '/ops/budget', role: 'admin' } as const;

const RECONCILIATION = { path: '/ops/reconciliation', role: 'finance' } as const;

/** Twilio's usage is asked for, and this is what comes. */
const asked = (
  readMonth: () => Promise<UsageFigures>,
  setup: SetupFinding[] = [],
): Pick<PageState, 'options' | 'form'> => ({
  options: { usage: { readMonth, listTriggers: async () => [] }, setup },
  form: { press: 'button:text-is("Ask Twilio now")' },
});

/** By name, which is that of a kept picture too. */
export const PAGE_STATES: Record<string, PageState> = {
  'sign-in': { path: '/ops', role: null, says: 'Ops key' },
  fresh: {
    ...{ path: '/ops', role: 'admin', says: 'The first token shows here at once', keep: 'light' },
    options: { filled: false },
  },
  month: {
    ...{ path: '/ops', role: 'finance', says: 'identities at the end of the month', keep: 'light' },
    budget: [400, 'warn'],
  },
  'month-viewer': { path: '/ops', role: 'viewer', says: 'need the role finance' },
  'past-month': { path: '/ops?month=2026-10', role: 'finance', says: 'over, 31 days' },
  'new-month': {
    ...{ path: '/ops', role: 'finance', says: 'The month before: November 2026', keep: 'light' },
    options: { at: '2026-12-02T09:00:00Z' },
  },
  'over-budget': {
    ...{ path: '/ops', role: 'finance', says: 'over budget', keep: 'dark' },
    budget: [200, 'block'],
  },
  'ledger-down': {
    ...{ path: '/ops', role: 'finance', says: 'last known figures, 4 min old', keep: 'light' },
    prepare: async (dashboard, page) => {
      await page.goto('/ops');
      dashboard.setAway(true);
      dashboard.gateway.clock.advance(240_000);
    },
  },
  identities: { path: '/ops/identities', role: 'admin', says: 'Show whole names', keep: 'dark' },
  'identities-whole': {
    path: '/ops/identities?class=guest',
    ...{ role: 'admin', says: 'The audit log says that you read them' },
    form: { fill: { '#reveal-reason': 'Ticket 17' }, press: 'text=Show them' },
    stays: true,
  },
  'no-match': {
    path: '/ops/identities?q=zz&class=guest',
    ...{ role: 'finance', says: 'Clear the filter', keep: 'light' },
  },
  identity: {
    ...{ path: '/ops/identities', role: 'admin', says: 'Why they were counted', keep: 'dark' },
    prepare: async ({ gateway }, page) => {
      const month = monthOf(gateway.clock.now());
      const { items } = await gateway.ledger.identities(DEFAULT_SERVICE, month, { after: null, limit: 1 });
      await page.goto(`/ops/identities?q=${items[0]?.identity}`);
      await page.locator('tbody a').first().click();
    },
    stays: true,
  },
  erased: {
    ...{ path: '/ops/identities', role: 'admin', says: 'A pseudonym stands in the place' },
    prepare: async ({ gateway }, page) => {
      const identity = ownIdentity('ada');
      const at = new Date(gateway.clock.now()).toISOString();
      await mintTokens(gateway.ledger, [{ identity, at }]);
      await page.goto(`/ops/identities/${encodeURIComponent(identity)}`);
      await page.selectOption('#erase-issuer', ISSUER);
      await page.fill('#erase-subject', 'ada');
      await page.fill('#erase-reason', 'Request 12');
      await page.click('text=Erase for good');
    },
    stays: true,
  },
  budget: {
    ...{ ...BUDGET, says: 'To confirm, type 100', keep: 'light' },
    budget: [400, 'warn'],
    form: { fill: { '#limit': '100', '#budget-reason': 'Less is enough' }, press: 'text=Set the budget' },
    stays: true,
  },
  'budget-tried': {
    ...{ ...BUDGET, says: 'this would have refused', keep: 'light' },
    budget: [400, 'warn'],
    form: { fill: { '#limit': '250' }, press: 'text=Try it on last month' },
    stays: true,
  },
  'budget-details': {
    ...{ ...BUDGET, says: 'tenants: line 1 must be a name = a number.' },
    budget: [400, 'warn'],
    prepare: async (_dashboard, page) => {
      await page.goto('/ops/budget');
      await page.click('text=Classes, places kept');
      await page.fill('#tenants', 'acme 50');
      await page.selectOption('#spike-mode', 'block');
      await page.fill('#budget-reason', 'Fair shares');
      await page.click('text=Set the budget');
    },
    stays: true,
  },
  'budget-raised': {
    ...{ ...BUDGET, says: 'End a raise early' },
    budget: [400, 'block'],
    form: {
      fill: { '#identities': '50', '#raise-reason': 'Sale of the week' },
      press: 'button:text-is("Raise")',
    },
  },
  system: {
    ...{ path: '/ops/system', role: 'viewer', says: 'mau-guard doctor', keep: 'light' },
    options: {
      gateway: gatewayState(SEEN, {
        journalBytes: 4_096,
        seen: { webhook: SEEN - 40_000, beacon: SEEN - 12_000 },
        keys: { default: { current: `SK${'12'.repeat(16)}`, previous: `SK${'0e'.repeat(16)}` } },
      }),
    },
  },
  'system-ledger-down': {
    ...{ path: '/ops/system', role: 'viewer', says: 'The ledger is away' },
    prepare: async (dashboard) => dashboard.setAway(true),
  },
  'no-usage-key': {
    ...{ ...RECONCILIATION, says: 'It needs an API key that may read Usage', keep: 'light' },
  },
  'setup-findings': {
    ...{ path: '/ops', role: 'finance', says: 'Autocreation: one number opens a conversation' },
    ...asked(async () => USAGE, SETUP),
    form: { at: '/ops/reconciliation', press: 'button:text-is("Ask Twilio now")' },
  },
  'setup-findings-system': {
    ...{ path: '/ops/system', role: 'finance', says: 'Autocreation: one number opens a conversation' },
    ...asked(async () => USAGE, SETUP),
    form: { at: '/ops/reconciliation', press: 'button:text-is("Ask Twilio now")' },
  },
  'reconciliation-failed': {
    ...{ ...RECONCILIATION, says: 'Check TWILIO_REST_API_KEY_SID' },
    ...asked(() => Promise.reject(new TwilioUnavailable('not-signed-in', 'the test says so'))),
  },
  reconciliation: {
    ...{ ...RECONCILIATION, says: 'What explains the difference', keep: 'light' },
    ...asked(async () => USAGE),
  },
  'budget-viewer': { path: '/ops/budget', role: 'viewer', says: 'As it holds' },
  'no-alerts': { path: '/ops/alerts', role: 'viewer', says: 'No alert has fired' },
  alerts: {
    ...{
      path: '/ops/alerts',
      role: 'viewer',
      says: 'chat: given-up after 1 attempt, answered 404',
      keep: 'light',
    },
    options: {
      alertTester: { targets: ['pager', 'chat'], send: async () => [] },
      forecastLooks: { everyMs: 600_000, nextLookAt: () => Date.parse('2026-11-21T00:07:00Z') },
    },
    prepare: async (dashboard) => {
      const { ledger, clock } = dashboard.gateway;
      const { all } = await ledger.totals(DEFAULT_SERVICE, monthOf(clock.now()));
      for (const [index, share] of [0.6, 0.85, 0.95].entries()) {
        await dashboard.setBudget(Math.ceil(all / share), 'warn');
        clock.advance(3_600_000);
        const at = new Date(clock.now()).toISOString();
        await mintTokens(ledger, [{ identity: `m_last_${index}`, at }]);
      }
      const take = { targets: ['pager', 'chat'], now: clock.now(), leaseMs: 1_000, max: 10 };
      for (const { alert, target } of await ledger.takeDeliveries(DEFAULT_SERVICE, take)) {
        const result = target === 'pager' ? DELIVERED : NOT_DELIVERED;
        await ledger.settleDelivery(DEFAULT_SERVICE, alert.id, target, { ...result, at: clock.now() });
      }
    },
  },
  'alerts-tested': {
    ...{ path: '/ops/alerts', role: 'admin', says: 'chat: did not get it, answered 404' },
    options: {
      alertTester: {
        targets: ['pager', 'chat'],
        send: async () => [
          { target: 'pager', error: null },
          { target: 'chat', error: 'answered 404' },
        ],
      },
    },
    form: { fill: { '#test-reason': 'New channel' }, press: 'text=Send a test' },
    stays: true,
  },
  audit: {
    ...{ path: '/ops/audit', role: 'admin', says: 'freeze.set', keep: 'dark' },
    form: {
      at: '/ops/budget',
      fill: { '#freeze-reason': 'Flood of sign-ups' },
      press: 'button:text-is("Freeze")',
    },
  },
  counting: { path: '/ops/counting', role: 'viewer', says: 'Counting rules' },
  'not-for-role': { path: '/ops/audit', role: 'viewer', says: 'needs the role admin' },
  'no-such-month': { path: '/ops?month=13', role: 'viewer', says: 'No such month' },
};

/** Brings a page into a state. */
export async function bring(dashboard: Dashboard, page: Page, state: PageState): Promise<void> {
  if (state.budget !== undefined) await dashboard.setBudget(...state.budget);
  if (state.form !== undefined) {
    await page.goto(state.form.at ?? state.path);
    for (const [field, text] of Object.entries(state.form.fill ?? {})) await page.fill(field, text);
    await page.click(state.form.press);
  }
  await state.prepare?.(dashboard, page);
  if (!state.stays) await page.goto(state.path);
}
