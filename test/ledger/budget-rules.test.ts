import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BudgetScope } from '../../src/domain/refusal.ts';
import type { Budget, Raise } from '../../src/ledger/budget.ts';
import { checkBudget, type Fill, limitInForce, thresholdReached } from '../../src/ledger/budget-rules.ts';
import { budgetOf, monthNamed, raiseOf, seconds } from './contract/builders.ts';

const MONTH = monthNamed('2026-11');
const STARTS = seconds('2026-11-01T00:00:00Z');
const ENDS = seconds('2026-12-01T00:00:00Z');
const CLASSES = ['agent', 'member', 'guest'] as const;
const TENANTS = ['acme', 'zen', null] as const;

const places = fc.nat(8);
const someOf = <Key extends string>(keys: readonly Key[], value: fc.Arbitrary<number>) =>
  fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: keys.length });

const anyBudget = fc.record({
  mode: fc.constantFrom('off', 'warn', 'block'),
  scopes: someOf(['all', 'class:member', 'class:guest', 'tenant:acme', 'tenant:*'], places),
  reserve: someOf(CLASSES, fc.nat(3)),
  priorities: fc.record({ agent: fc.nat(2), member: fc.nat(2), guest: fc.nat(2) }),
  thresholds: fc.constant([50, 80, 100]),
  spikeGuard: fc.option(
    fc.record({
      factor: fc.double({ min: 1.1, max: 4, noNaN: true }),
      minimum: fc.nat(3),
      mode: fc.constantFrom('warn', 'block'),
    }),
  ),
}) as fc.Arbitrary<Budget>;

const anyRaise: fc.Arbitrary<Raise> = fc
  .record({
    scope: fc.constantFrom<BudgetScope>('all', 'class:guest', 'tenant:acme', 'tenant:zen'),
    month: fc.constantFrom(MONTH, monthNamed('2026-12')),
    identities: fc.integer({ min: 1, max: 3 }),
    expiresAt: fc.integer({ min: STARTS, max: ENDS }),
  })
  .map((raise) => ({ ...raiseOf('r', { until: '2026-11-30T00:00:00Z' }), ...raise }));

const arrivals = fc.array(
  fc.record({
    className: fc.constantFrom(...CLASSES),
    tenant: fc.constantFrom(...TENANTS),
    at: fc.integer({ min: STARTS, max: ENDS - 1 }),
  }),
  { maxLength: 60 },
);

type Newcomer = { className: string; tenant: string | null; at: number };

/** Counts the admitted anew at every question. */
function fillOf(admitted: readonly Newcomer[], at: number): Fill {
  const count = (test: (one: Newcomer) => boolean) => admitted.filter(test).length;
  return {
    all: () => admitted.length,
    ofClass: (className) => count((one) => one.className === className),
    ofTenant: (tenant) => count((one) => one.tenant === tenant),
    newThisHour: () => count((one) => Math.floor(one.at / 3600) === Math.floor(at / 3600)),
  };
}

/** Lets in whom no blocking check refuses, as a ledger does. */
function admitAll(budget: Budget, raises: readonly Raise[], crowd: readonly Newcomer[]): Newcomer[] {
  const admitted: Newcomer[] = [];
  for (const one of crowd) {
    const checks = checkBudget({ budget, raises, month: MONTH }, one, fillOf(admitted, one.at));
    if (checks.every(({ passes, blocks }) => passes || !blocks)) admitted.push(one);
  }
  return admitted;
}

describe('a budget', () => {
  test('that blocks is never passed, in any scope, and what is reserved is left over', () => {
    fc.assert(
      fc.property(anyBudget, fc.array(anyRaise, { maxLength: 4 }), arrivals, (budget, raises, crowd) => {
        const most = (scope: BudgetScope) =>
          raises
            .filter((raise) => raise.scope === scope && raise.month === MONTH)
            .reduce((sum, { identities }) => sum + identities, budget.scopes[scope] ?? Infinity);
        const admitted = admitAll({ ...budget, mode: 'block' }, raises, crowd);
        const count = (test: (one: Newcomer) => boolean) => admitted.filter(test).length;
        expect(admitted.length).toBeLessThanOrEqual(most('all'));
        expect(count(({ className }) => className === 'guest')).toBeLessThanOrEqual(most('class:guest'));
        expect(count(({ tenant }) => tenant === 'acme')).toBeLessThanOrEqual(most('tenant:acme'));
      }),
    );
  });

  test('leaves to a class what is reserved for it, whoever else of no higher rank comes first', () => {
    const pair = fc.tuple(fc.nat(6), fc.nat(6), fc.nat(2), fc.nat(2), fc.nat(20));
    fc.assert(
      fc.property(pair, ([limit, kept, rankOfMember, rankOfGuest, guests]) => {
        const budget = budgetOf({
          scopes: { all: limit },
          reserve: { member: kept },
          priorities: { member: rankOfMember, guest: rankOfGuest },
        });
        const guest = { className: 'guest', tenant: null, at: STARTS };
        const admitted = admitAll(budget, [], new Array(guests).fill(guest));
        const free = rankOfGuest > rankOfMember ? limit : Math.max(0, limit - kept);
        expect(admitted).toHaveLength(Math.min(guests, free));
        const member = { className: 'member', tenant: null, at: STARTS };
        const [check] = checkBudget({ budget, raises: [], month: MONTH }, member, fillOf(admitted, STARTS));
        expect(check).toMatchObject({ budget: 'all', limit, used: admitted.length, reserved: 0 });
        expect(check?.passes).toBe(admitted.length < limit);
      }),
    );
  });

  test.each(['constructor', '__proto__', 'toString'])(
    'class %s has no rank that nobody gave it',
    (className) => {
      const budget = budgetOf({ scopes: { all: 5 }, reserve: { member: 5 }, priorities: { member: 0 } });
      const newcomer = { className, tenant: null, at: STARTS };
      const limits = { budget, raises: [], month: MONTH };
      expect(checkBudget(limits, newcomer, fillOf([], STARTS))).toMatchObject([
        { reserved: 5, passes: false },
      ]);
    },
  );

  test('in mode off has no checks, in mode warn none that blocks but a guard that does so itself', () => {
    fc.assert(
      fc.property(anyBudget, arrivals, (budget, crowd) => {
        const [one] = crowd;
        if (!one) return;
        const limits = { raises: [], month: MONTH };
        const fill = fillOf(crowd, one.at);
        expect(checkBudget({ ...limits, budget: { ...budget, mode: 'off' } }, one, fill)).toEqual([]);
        const warned = checkBudget({ ...limits, budget: { ...budget, mode: 'warn' } }, one, fill);
        for (const check of warned) {
          expect(check.blocks).toBe(check.budget === 'new-per-hour' && budget.spikeGuard?.mode === 'block');
        }
        const unguarded = { ...budget, mode: 'warn' as const, spikeGuard: null };
        expect(admitAll(unguarded, [], crowd)).toEqual(crowd);
      }),
    );
  });

  test('checks in the order of all, class, tenant, hour', () => {
    const budget = budgetOf({
      scopes: { 'tenant:*': 1, 'class:guest': 1, all: 1 },
      spikeGuard: { factor: 2, minimum: 1, mode: 'block' },
    });
    const newcomer = { className: 'guest', tenant: 'zen', at: ENDS - 1 };
    const checks = checkBudget({ budget, raises: [], month: MONTH }, newcomer, fillOf([], ENDS - 1));
    expect(checks.map((check) => check.budget)).toEqual(['all', 'class:guest', 'tenant:zen', 'new-per-hour']);
  });
});

describe('a raise', () => {
  test('holds until the second before its end, in its month and scope only', () => {
    fc.assert(
      fc.property(anyRaise, fc.integer({ min: STARTS, max: ENDS - 1 }), (raise, at) => {
        const budget = budgetOf({ scopes: { all: 5, 'class:guest': 5, 'tenant:*': 5 } });
        for (const scope of ['all', 'class:guest', 'tenant:acme', 'tenant:zen'] as const) {
          const holds = scope === raise.scope && raise.month === MONTH && at < raise.expiresAt;
          expect(limitInForce(budget, [raise], scope, MONTH, at)).toBe(5 + (holds ? raise.identities : 0));
        }
        expect(limitInForce(budget, [raise], 'class:member', MONTH, at)).toBeNull();
      }),
    );
  });
});

describe('the spike guard', () => {
  const guard = (at: number, admitted: Newcomer[]) => {
    const budget = budgetOf({ spikeGuard: { factor: 1.5, minimum: 2, mode: 'block' } });
    const newcomer = { className: 'member', tenant: null, at };
    return checkBudget({ budget, raises: [], month: MONTH }, newcomer, fillOf(admitted, at));
  };
  const early = (people: number): Newcomer[] =>
    Array.from({ length: people }, () => ({ className: 'member', tenant: null, at: STARTS }));

  test('is silent for exactly a day', () => {
    expect(guard(STARTS + 86_399, early(9))).toEqual([]);
    expect(guard(STARTS + 86_400, early(9))).toHaveLength(1);
  });

  test('measures by the mean of the hours before, rounded up, and by the minimum', () => {
    expect(guard(STARTS + 86_400, early(40))).toMatchObject([{ limit: 3, used: 0, passes: true }]);
    expect(guard(STARTS + 86_400, early(1))).toMatchObject([{ limit: 2, used: 0, passes: true }]);
  });
});

describe('a threshold', () => {
  test('is reached exactly when the share is', () => {
    const thresholds = [1, 50, 80, 99, 100];
    fc.assert(
      fc.property(fc.nat(400), fc.integer({ min: 1, max: 300 }), (used, limit) => {
        const reached = thresholdReached(thresholds, used, limit);
        expect(used / limit).toBeGreaterThanOrEqual(reached / 100);
        const next = thresholds.find((percent) => percent > reached);
        if (next !== undefined) expect(used * 100).toBeLessThan(next * limit);
      }),
    );
    expect(thresholdReached(thresholds, 5, 0)).toBe(0);
    expect(thresholdReached([], 5, 1)).toBe(0);
  });
});
