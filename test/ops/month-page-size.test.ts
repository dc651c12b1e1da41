import { describe, expect, it } from '@jest/globals';
import { type Month, previousMonth } from '../../src/domain/month.ts';
import { SIGNALS } from '../../src/domain/signal.ts';
import { buildMonthPage } from '../../src/ops/month-page.ts';
import type { MonthPageModel } from '../../src/ops/month-page-model.ts';
import { FORECAST, sampleFindings, WASTE } from './sample-figures.ts';
import { monthNamed, sampleFrame, sampleMonth, serviceNamed } from './sample-month.ts';

const OCTOBER = monthNamed('2026-10');
const KINDS = [
  'never-connected',
  'connected-idle',
  'guest-once',
  'hidden-tab',
  'rest-only',
  'duplicate',
] as const;

const TENANTS = Array.from({ length: 6 }, (_, index) => ({
  tenant: `customer-number-${index}`,
  identities: 98_765 - index,
}));
const FINDINGS = sampleFindings({ tokenOnly: 734_567, updatedOnly: 23_456, addresses: 2_345 });

/** A million people by the last day but one of a month of 31 days, a year after the first, in two services. */
function largeMonth(changes: Partial<MonthPageModel> = {}): MonthPageModel {
  const { summary } = sampleMonth();
  const days = Array.from({ length: 30 }, (_, index) => ({
    ...{ day: `2026-10-${String(index + 1).padStart(2, '0')}`, minted: 123_456, reused: 12_345 },
    new: { member: 24_000 + 371 * (index % 7), guest: 9_000 - 217 * (index % 5), agent: 20 },
    ...{ refused: { 'lazy-connect-required': 4_000 + index }, cumulative: 33_456 * (index + 1) },
  }));
  const month: MonthPageModel['summary'] = {
    ...{ ...summary, month: OCTOBER, cost: { ...summary.cost!, low: 42_345.5, high: 50_183.4 } },
    identities: {
      ...{ total: 1_003_680, new: 502_345, returning: 501_335 },
      byClass: { member: 734_567, guest: 268_500, agent: 613 },
      bySignal: Object.fromEntries(SIGNALS.map((name) => [name, 734_567])) as never,
    },
    activeUsers: { ...summary.activeUsers, low: 846_910, high: 1_003_668 },
    mints: {
      ...{ minted: 3_703_680, reused: 370_350, shadow: { 'hidden-tab': 12_345 } },
      refused: { 'lazy-connect-required': 123_456, 'no-reason-to-connect': 2_345, 'guests-not-allowed': 12 },
    },
    budget: { ...summary.budget!, limit: 1_010_000, used: 1_003_680, remaining: 6_320, raised: 10_000 },
  };
  const months: Month[] = [OCTOBER];
  while (months.length < 13) months.push(previousMonth(months.at(-1)!));
  const classes = Object.entries(month.identities.byClass).map(([className, identities]) => ({
    ...{ className, identities, withToken: identities - 1_234, otherToken: 1_000, byEvents: 234 },
  }));
  return sampleMonth({
    ...{ summary: month, days, months, nowMs: Date.parse('2026-10-30T21:00:00Z') },
    ...{ previous: { ...month, month: months[1]! }, previousDays: days, previousTwilio: 912_345 },
    frame: sampleFrame({
      visitor: {
        operator: { name: 'ann', role: 'admin' },
        services: [serviceNamed('default'), serviceNamed('shop')],
      },
    }),
    origins: { classes, tenants: [], tenantsMore: 0 },
    forecast: {
      ...{ ...FORECAST, month: OCTOBER, used: 1_003_680, limit: 1_010_000, exhaustedOn: '2026-10-31' },
      identities: { low: 1_010_000, mid: 1_030_000, high: 1_050_000 },
      exhaustedBetween: { earliest: '2026-10-31', latest: '2026-10-31' },
    },
    waste: {
      ...WASTE,
      kinds: KINDS.map((kind) => ({ kind, identities: 123_456, cost: { low: 1_234.5, high: 6_172.8 } })),
    },
    reconciliation: {
      ...{ month: OCTOBER, withinRange: true, twilio: { count: 934_567, ageSeconds: 6_000 } },
    } as MonthPageModel['reconciliation'],
    ...changes,
  });
}

const ORIGINS = { ...largeMonth().origins, tenants: TENANTS, tenantsMore: 1_200 };
const LIMITS = Array.from({ length: 1_000 }, (_, index) => ({
  ...{ scope: `tenant:customer-${index}` as const, limit: 1_000, used: index === 500 ? 0 : index },
}));

describe('the page of a large month', () => {
  it.each<[string, Partial<MonthPageModel>]>([
    ['a year of months and six kinds of waste', {}],
    ['findings beside them', { findings: FINDINGS }],
    ['tenants beside them', { origins: ORIGINS }],
    ['all of it, and limits of tenants', { findings: FINDINGS, origins: ORIGINS, limits: LIMITS }],
  ])('stays below 20 kB with %s', (_, changes) => {
    expect(Buffer.byteLength(buildMonthPage(largeMonth(changes)))).toBeLessThan(20_000);
  });

  it('shows the fullest of many limits, and says how many more there are', () => {
    const page = buildMonthPage(largeMonth({ limits: LIMITS }));
    expect(page).toContain('997 more are no fuller.');
    for (const name of ['customer-999', 'customer-997']) expect(page).toContain(`tenant ${name}<td>`);
    for (const name of ['customer-996', 'customer-500']) expect(page).not.toContain(`tenant ${name}<td>`);
    const [few, many] = [LIMITS.slice(0, 4), LIMITS].map((some) =>
      Buffer.byteLength(buildMonthPage(largeMonth({ limits: some }))),
    );
    expect(many! - few!).toBeLessThan(200);
  });
});
