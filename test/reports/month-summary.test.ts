import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { monthSummarySchema } from '../../src/contract.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { bitOf, SIGNALS } from '../../src/domain/signal.ts';
import type { Budget, Raise } from '../../src/ledger/budget.ts';
import type { Ledger, MonthTotals } from '../../src/ledger/ledger.ts';
import type { IdentityRecord } from '../../src/ledger/records.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { listIdentities } from '../../src/reports/identity-rows.ts';
import { readAll } from '../../src/reports/listing.ts';
import { buildMonthSummary, type MonthSummary, withoutCost } from '../../src/reports/month-summary.ts';
import { mintTokens, recordActs } from './fill-month.ts';
import { RECKONING } from './shipped.ts';

const NOVEMBER = parseMonth('2026-11') as Month;

const EMPTY: MonthTotals = {
  month: NOVEMBER,
  all: 0,
  byClass: {},
  byTenant: {},
  masks: [],
  conversations: 0,
  minted: 0,
  reused: 0,
  adopted: 0,
  beacons: 0,
  refused: {},
  shadow: {},
  budget: null,
  raises: [],
  frozenSince: null,
};

function summarise(totals: Partial<MonthTotals>, classes: string[] = []): MonthSummary {
  return buildMonthSummary(
    { ...EMPTY, ...totals },
    {
      service: DEFAULT_SERVICE,
      asOfMs: Date.parse('2026-11-20T21:00:00.123Z'),
      classes,
      rules: RECKONING.rules,
      prices: RECKONING.prices,
    },
  );
}

function mask(...names: Parameters<typeof bitOf>[0][]): number {
  return names.reduce((bits, name) => bits | bitOf(name), 0);
}

it('counts classes with names that every object has, configured or not any more', () => {
  const masks = ['constructor', '__proto__', 'toString', 'constructor'].map((className) => ({
    ...{ className, mask: mask('minted'), identities: 2 },
  }));
  const { byClass } = summarise({ all: 8, masks }, ['toString']).identities;
  expect(Object.entries(byClass).sort()).toEqual([
    ['__proto__', 2],
    ['constructor', 4],
    ['toString', 2],
  ]);
});

describe('a month without data', () => {
  it('is all zeros, with every signal and every configured class named', () => {
    const summary = summarise({}, ['member', 'guest']);
    expect(summary).toEqual({
      month: '2026-11',
      service: 'default',
      asOf: '2026-11-20T21:00:00.123Z',
      identities: {
        total: 0,
        new: 0,
        returning: 0,
        byClass: { member: 0, guest: 0 },
        bySignal: Object.fromEntries(SIGNALS.map((signal) => [signal, 0])),
      },
      activeUsers: { low: 0, high: 0, rules: 'twilio-2026-11', unit: 'identities' },
      mints: { minted: 0, reused: 0, refused: {}, shadow: {} },
      budget: null,
      cost: { currency: 'USD', low: 0, high: 0, table: 'flat' },
    });
    expect(monthSummarySchema.safeParse(summary).success).toBe(true);
  });
});

describe('active users', () => {
  it.each([
    [['minted'], 0, 1],
    [['minted', 'connected'], 1, 1],
    [['messaged'], 1, 1],
    [['joined'], 1, 1],
    [['created'], 1, 1],
    [['addressed'], 1, 1],
    [['read'], 0, 1],
    [['left'], 0, 1],
    [['updated'], 0, 1],
    [['minted', 'again', 'hidden', 'returning'], 0, 1],
  ] as const)('counts %j as low %i and high %i', (names, low, high) => {
    const summary = summarise({
      all: 1,
      masks: [{ className: 'member', mask: mask(...names), identities: 1 }],
    });
    expect(summary.activeUsers).toMatchObject({ low, high });
  });

  it('costs 5 cents each, without a float’s crumbs', () => {
    const summary = summarise({
      all: 123,
      masks: [
        { className: 'member', mask: mask('minted', 'connected'), identities: 85 },
        { className: 'member', mask: mask('minted'), identities: 38 },
      ],
    });
    expect(summary.cost).toEqual({ currency: 'USD', low: 4.25, high: 6.15, table: 'flat' });
    fc.assert(
      fc.property(fc.nat(100_000_000), (identities) => {
        const { cost } = summarise({
          all: identities,
          masks: [{ className: 'member', mask: 1, identities }],
        });
        expect(cost?.high).toBe(Number((identities * 0.05).toFixed(6)));
      }),
    );
  });

  it('are kept and money is not where it may not be seen', () => {
    const summary = withoutCost(summarise({}));
    expect(summary).not.toHaveProperty('cost');
    expect(summary.activeUsers).toMatchObject({ low: 0, high: 0 });
  });
});

describe('the budget', () => {
  const budgetOf = (mode: Budget['mode'], scopes: Budget['scopes']): Budget => ({
    mode,
    scopes,
    reserve: {},
    priorities: {},
    thresholds: [],
    spikeGuard: null,
  });
  const minted = (identities: number) => ({ className: 'member', mask: 1, identities });
  const byEvidence = (identities: number) => ({ className: 'address', mask: 256, identities });

  const cases: [Budget | null, number, number, MonthSummary['budget']][] = [
    [null, 5, 0, null],
    [budgetOf('block', { 'class:guest': 5 }), 5, 0, null],
    [
      budgetOf('block', { all: 500 }),
      123,
      0,
      { limit: 500, raised: 0, used: 123, remaining: 377, overByEvidence: 0, mode: 'block' },
    ],
    [
      budgetOf('block', { all: 100 }),
      100,
      23,
      { limit: 100, raised: 0, used: 123, remaining: 0, overByEvidence: 23, mode: 'block' },
    ],
    [
      budgetOf('block', { all: 100 }),
      120,
      3,
      { limit: 100, raised: 0, used: 123, remaining: 0, overByEvidence: 3, mode: 'block' },
    ],
    [
      budgetOf('warn', { all: 100 }),
      100,
      23,
      { limit: 100, raised: 0, used: 123, remaining: 0, overByEvidence: 0, mode: 'warn' },
    ],
    [
      budgetOf('off', { all: 0 }),
      1,
      0,
      { limit: 0, raised: 0, used: 1, remaining: 0, overByEvidence: 0, mode: 'off' },
    ],
  ];

  it.each(cases)('%j with %i minted and %i by evidence is %j', (budget, mints, others, expected) => {
    const masks = [minted(mints), byEvidence(others)];
    expect(summarise({ budget, all: mints + others, masks }).budget).toEqual(expected);
  });

  it('counts the raises of the month that are in force', () => {
    const raise = (id: string, expiresAt: string): Raise => ({
      id,
      month: NOVEMBER,
      scope: 'all',
      identities: 10,
      expiresAt: Date.parse(expiresAt) / 1000,
      createdAt: 0,
      reason: 'a sale',
      by: 'finance',
    });
    const raises = [raise('one', '2026-11-20T20:00:00Z'), raise('two', '2026-11-20T22:00:00Z')];
    const budget = budgetOf('block', { all: 100 });
    expect(summarise({ budget, raises }).budget).toMatchObject({ limit: 110, raised: 10, remaining: 110 });
  });

  it('shows what it would have refused', () => {
    const shadow = { 'mau-budget-exhausted': 4, 'hidden-tab': 2 };
    expect(summarise({ shadow }).mints.shadow).toEqual(shadow);
  });
});

describe('sums over masks', () => {
  let ledger: Ledger;
  beforeEach(() => {
    ledger = openSqliteLedger({ path: ':memory:' });
  });
  afterEach(() => ledger.close());

  const mint = fc.record({
    identity: fc.integer({ min: 0, max: 30 }).map((number) => `m_${number}`),
    className: fc.constantFrom('member', 'guest'),
    at: fc.constantFrom('2026-10-31T10:00:00Z', '2026-11-01T10:00:00Z', '2026-11-20T10:00:00Z'),
  });
  const act = fc.record({
    identity: fc.integer({ min: 0, max: 40 }).map((number) => `m_${number}`),
    signal: fc.constantFrom(...SIGNALS.filter((signal) => signal !== 'minted')),
    at: fc.constantFrom('2026-10-30T10:00:00Z', '2026-11-02T10:00:00Z'),
  });

  it('equal a scan of everyone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(mint, { maxLength: 40 }),
        fc.array(act, { maxLength: 40 }),
        async (mints, acts) => {
          await mintTokens(
            ledger,
            mints.toSorted((left, right) => left.at.localeCompare(right.at)),
          );
          await recordActs(ledger, acts);
          const summary = summarise(await ledger.totals(DEFAULT_SERVICE, NOVEMBER));
          const people = await scan(ledger);
          expect(summary.identities.total).toBe(people.length);
          for (const signal of SIGNALS) {
            expect(summary.identities.bySignal[signal]).toBe(countWith(people, bitOf(signal)));
          }
          expect(summary.identities.returning).toBe(countWith(people, bitOf('returning')));
          expect(summary.identities.new + summary.identities.returning).toBe(people.length);
          expect(summary.identities.byClass).toEqual(countByClass(people));
          expect(summary.activeUsers.high).toBe(people.length);
          expect(summary.activeUsers.low).toBeLessThanOrEqual(summary.activeUsers.high);
        },
      ),
      { numRuns: 40 },
    );
  });
});

async function scan(ledger: Ledger): Promise<IdentityRecord[]> {
  const anyone = { className: null, signals: [], not: [], beginning: null };
  const people: IdentityRecord[] = [];
  for await (const page of readAll(listIdentities(ledger, DEFAULT_SERVICE, NOVEMBER, anyone)))
    people.push(...page);
  return people;
}

function countWith(people: readonly IdentityRecord[], bits: number): number {
  return people.filter((person) => (person.mask & bits) !== 0).length;
}

function countByClass(people: readonly IdentityRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { className } of people) counts[className] = (counts[className] ?? 0) + 1;
  return counts;
}
