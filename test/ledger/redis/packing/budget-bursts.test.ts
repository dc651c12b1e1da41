// Only Redis decides many mints in one call, and newcomers under a budget by limits that were read for an earlier one; the
// embedded ledger decides each by itself.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Budget } from '../../../../src/ledger/budget.ts';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { evidenceOf } from '../../contract/builders.ts';
import { LedgerCase } from '../../contract/ledger-case.ts';
import { anyBudget } from '../../contract/operations.ts';
import { RUNS, usePackingStore } from './packing-kit.ts';

const MONTH = '2026-11';
const RAISED_UNTIL = '2026-11-20T10:00:00Z';

const redis = usePackingStore();

let embedded: Ledger;
beforeAll(() => {
  embedded = openSqliteLedger({ path: ':memory:' });
});
afterAll(() => embedded.close());

/** Limits that bursts of some dozens reach, or just do not. */
const budgets = anyBudget({
  places: 60,
  thresholds: fc.constantFrom([], [100], [50, 80, 90, 100], [1, 34, 67, 99]),
  guard: { factor: fc.constantFrom(1.5, 1.000_000_000_000_1, 40, 400), minimum: fc.nat(40) },
});

type Step =
  | { kind: 'budget' | 'set'; budget: Budget }
  | { kind: 'raise'; scope: 'all' | 'class:guest' | 'tenant:acme' | 'tenant:zen'; identities: number }
  | { kind: 'freeze'; since: string | null }
  | { kind: 'join'; at: string }
  | { kind: 'evidence'; people: number; at: string }
  | { kind: 'burst'; at: string; seconds: number; asked: Asked[] };

interface Asked {
  person: number;
  className: string;
  tenant: string | null;
  needsReason: boolean;
}

/** The first day, when the spike guard is silent; before and after the raises' end. */
const INSTANTS = ['2026-11-01T12:00:00Z', '2026-11-20T09:00:00Z', '2026-11-20T09:30:00Z', RAISED_UNTIL];
/** Tokens reach into the next month. */
const AT_THE_TURN = '2026-11-30T23:30:00Z';

/** @param seconds how far apart the mints of a burst may be */
function stepsOf(instants: fc.Arbitrary<string>, seconds: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  const asked = fc.record({
    person: fc.nat(199),
    className: fc.constantFrom('member', 'guest'),
    tenant: fc.constantFrom(null, null, 'acme', 'zen'),
    needsReason: fc.nat(19).map((n) => n === 0),
  });
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('burst' as const),
        at: instants,
        seconds,
        // The same person twice would be two calls, of which either may come first.
        asked: fc.uniqueArray(asked, {
          ...{ selector: ({ person }: Asked) => person, minLength: 1, maxLength: 80, size: 'max' as const },
        }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('budget', 'set'), budget: budgets }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('raise' as const),
        scope: fc.constantFrom('all', 'class:guest', 'tenant:acme', 'tenant:zen'),
        identities: fc.integer({ min: 1, max: 20 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('freeze' as const),
        since: fc.constantFrom(null, null, '2026-11-20T09:00:00Z'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('join' as const), at: instants }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('evidence' as const),
        people: fc.integer({ min: 1, max: 30 }),
        at: instants,
      }),
    },
  );
  return fc
    .tuple(budgets, fc.array(step, { minLength: 3, maxLength: 12 }))
    .map(([budget, steps]): Step[] => [{ kind: 'budget', budget }, ...steps]);
}

/** Takes the step; answers what was answered. Months do not go back, so what is configured is so for November. */
async function take(c: LedgerCase, step: Step, number: number): Promise<unknown> {
  switch (step.kind) {
    case 'budget':
      return c.budget(MONTH, step.budget);
    case 'set':
      return c.setBudget(MONTH, step.budget);
    case 'raise': {
      const { scope, identities } = step;
      return c.raise(`r${number}`, {
        until: RAISED_UNTIL,
        scope,
        identities,
        createdAt: 1_795_000_000 + number,
      });
    }
    case 'freeze':
      return c.freeze(MONTH, step.since);
    case 'join': {
      const { identity } = c.request(`joins-${number}`, step.at);
      const at = Date.parse(step.at);
      return c.ledger.join(c.service, { identity, signal: 'joined', className: 'member', at });
    }
    case 'evidence': {
      const people = Array.from({ length: step.people }, (_, place) => `seen-${number}-${place}`);
      const options = { className: 'guest' };
      return c.ledger.record(
        c.service,
        people.map((person) => evidenceOf(person, 'messaged', step.at, options)),
      );
    }
    case 'burst':
      return Promise.all(
        step.asked.map(({ person, ...options }, place) => {
          const at = new Date(Date.parse(step.at) - 1000 * ((place * step.seconds) % 1_800)).toISOString();
          return c.admit(`p${person}`, at, options);
        }),
      );
    default:
      return step satisfies never;
  }
}

async function booksOf(c: LedgerCase) {
  const months = [];
  for (const month of [MONTH, '2026-12']) {
    const { masks, ...totals } = await c.totals(month);
    const people = (await c.people(month)).toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
    const days = await c.ledger.days(c.service, month as never);
    months.push({ totals, people, masks: new Set(masks), days, mints: await c.mints(month) });
  }
  return months;
}

async function alertsOf(c: LedgerCase): Promise<string[]> {
  const alerts = await c.alerts();
  return alerts
    .map(({ month, budget, threshold, state }) => `${month} ${budget} ${threshold} ${state}`)
    .sort();
}

async function runOnBoth(steps: readonly Step[]): Promise<[LedgerCase, LedgerCase]> {
  const [one, other] = [new LedgerCase(redis), new LedgerCase({ ledger: embedded })];
  // A call waits for names that nobody knows yet, and another one would overtake it.
  for (const c of [one, other]) {
    for (const className of ['member', 'guest']) {
      for (const tenant of ['acme', 'zen'])
        await c.admit('before', '2026-09-01T00:00:00Z', { className, tenant });
    }
  }
  for (const [number, step] of steps.entries()) {
    const answers = [await take(one, step, number), await take(other, step, number)];
    expect(answers[0]).toEqual(answers[1]);
  }
  expect(await booksOf(one)).toEqual(await booksOf(other));
  return [one, other];
}

test('bursts under a budget are answered, counted and told as one by one', async () => {
  await fc.assert(
    fc.asyncProperty(stepsOf(fc.constantFrom(...INSTANTS, AT_THE_TURN), fc.constant(0)), async (steps) => {
      const [one, other] = await runOnBoth(steps);
      expect(await alertsOf(one)).toEqual(await alertsOf(other));
    }),
    RUNS,
  );
});

test('so they are answered and counted when a raise ends between two mints of a call', async () => {
  await fc.assert(
    fc.asyncProperty(stepsOf(fc.constantFrom(...INSTANTS), fc.nat(90)), async (steps) => {
      await runOnBoth(steps);
    }),
    RUNS,
  );
});

test('evidence that reaches the lowest threshold to the person tells of it, and none before', async () => {
  const c = new LedgerCase(redis);
  await c.budget(MONTH, { scopes: { all: 10, 'tenant:*': 1 }, thresholds: [30, 100] });
  const people = ['ann', 'bob', 'cleo'].map((person) => evidenceOf(person, 'messaged', INSTANTS[1]!));
  await c.ledger.record(c.service, people.slice(0, 2));
  expect(await alertsOf(c)).toEqual([]);
  await c.ledger.record(c.service, people);
  expect(await alertsOf(c)).toEqual([`${MONTH} all 30 firing`]);
});
