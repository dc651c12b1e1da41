import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { readAssets } from '../../src/ops/assets.ts';
import type { MonthPageModel } from '../../src/ops/month-page-model.ts';
import { countOrigins } from '../../src/reports/origins.ts';
import { RECKONING } from '../reports/shipped.ts';

export function monthNamed(text: string): Month {
  return parseMonth(text) as Month;
}

export type PageFrame = MonthPageModel['frame'];

/** The frame of a page that an operator of the role finance has opened in a session. */
export function sampleFrame(
  changes: Partial<Omit<PageFrame, 'visitor'>> & { visitor?: Partial<PageFrame['visitor']> } = {},
): PageFrame {
  const { visitor, ...rest } = changes;
  return {
    ...{ assets: readAssets(), demo: false, theme: 'system', address: '/ops', ...rest },
    visitor: {
      operator: { name: 'ann', role: 'finance' },
      signedIn: true,
      service: DEFAULT_SERVICE,
      services: [DEFAULT_SERVICE],
      ...visitor,
    },
  };
}

/** A lively November on its 20th day, as an operator with the role finance sees it. */
export function sampleMonth(changes: Partial<MonthPageModel> = {}): MonthPageModel {
  const days = Array.from({ length: 20 }, (_, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    new: { member: 12 + ((index * 7) % 11), guest: (index * 5) % 9 },
    minted: 90 + ((index * 31) % 70),
    reused: (index * 13) % 25,
    refused: index % 4 === 0 ? { 'lazy-connect-required': index } : {},
    cumulative: 0,
  }));
  let total = 0;
  for (const day of days) {
    total += day.new.member + day.new.guest;
    day.cumulative = total;
  }
  return {
    nowMs: Date.parse('2026-11-20T21:00:00Z'),
    frame: sampleFrame(),
    archived: { mints: false, people: false },
    summary: {
      month: monthNamed('2026-11'),
      service: 'default',
      asOf: '2026-11-20T21:00:00.123Z',
      identities: {
        total,
        new: total - 130,
        returning: 130,
        byClass: { member: total - 70, guest: 64, address: 6 },
        bySignal: {
          minted: total - 6,
          connected: 288,
          messaged: 203,
          joined: 231,
          read: 180,
          left: 12,
          created: 20,
          updated: 3,
          addressed: 6,
        },
      },
      activeUsers: { low: 301, high: total, rules: RECKONING.rules.version, unit: 'identities' },
      mints: {
        minted: 2_412,
        reused: 233,
        refused: { 'lazy-connect-required': 61, 'mau-budget-exhausted': 4 },
        shadow: { 'hidden-tab': 17 },
      },
      budget: { limit: 500, raised: 0, used: total, remaining: 500 - total, overByEvidence: 0, mode: 'warn' },
      cost: { currency: 'USD', low: 15.05, high: total * 0.05, table: 'flat' },
    },
    days,
    months: ['2026-11', '2026-10', '2026-09'].map(monthNamed),
    previous: null,
    limits: [],
    origins: {
      classes: [
        { className: 'member', identities: total - 70, withToken: total - 71, otherToken: 1, byEvents: 0 },
        { className: 'guest', identities: 64, withToken: 64, otherToken: 0, byEvents: 0 },
        { className: 'address', identities: 6, withToken: 0, otherToken: 0, byEvents: 6 },
      ],
      tenants: [],
      tenantsMore: 0,
    },
    frozenSince: null,
    previousDays: [],
    previousTwilio: null,
    guestClass: 'guest',
    example: { url: 'https://mau.example', login: '<a login of your app>' },
    ageSeconds: null,
    forecast: null,
    waste: null,
    findings: [],
    setup: null,
    store: 'Redis',
    reconciliation: null,
    ...changes,
  };
}

/** The first hour of a gateway that nobody has used yet. */
export function emptyMonth(changes: Partial<MonthPageModel> = {}): MonthPageModel {
  const full = sampleMonth();
  const bySignal = Object.fromEntries(Object.keys(full.summary.identities.bySignal).map((name) => [name, 0]));
  return sampleMonth({
    summary: {
      ...full.summary,
      identities: {
        total: 0,
        new: 0,
        returning: 0,
        byClass: { member: 0, guest: 0 },
        bySignal: bySignal as typeof full.summary.identities.bySignal,
      },
      activeUsers: { low: 0, high: 0, rules: RECKONING.rules.version, unit: 'identities' },
      mints: { minted: 0, reused: 0, refused: {}, shadow: {} },
      budget: null,
      cost: { currency: 'USD', low: 0, high: 0, table: 'flat' },
    },
    origins: countOrigins({ masks: [], byTenant: {} }, ['member', 'guest']),
    days: full.days.map((day) => ({ ...day, new: {}, minted: 0, reused: 0, refused: {}, cumulative: 0 })),
    months: [monthNamed('2026-11')],
    ...changes,
  });
}

export function serviceNamed(text: string): ServiceName {
  return parseServiceName(text) as ServiceName;
}
