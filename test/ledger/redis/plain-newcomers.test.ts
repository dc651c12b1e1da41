// Only the script of the ledger on Redis decides newcomers whom no limit concerns in another way than the others.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServiceName } from '../../../src/domain/service-name.ts';
import { LedgerCase } from '../contract/ledger-case.ts';
import { RUNS, usePackingStore } from './packing/packing-kit.ts';

const MONTH = '2026-11';
const PEOPLE = ['ann', 'bob', 'cleo', 'dora', 'eve', 'fay', 'gil', 'hal'];

const store = usePackingStore();

const calls = fc.array(
  fc.record({
    at: fc.constantFrom('2026-11-20T09:00:00Z', '2026-11-20T10:59:59Z', '2026-11-21T00:00:00Z'),
    asked: fc.uniqueArray(
      fc.record({
        person: fc.constantFrom(...PEOPLE),
        className: fc.constantFrom('member', 'guest'),
        tenant: fc.constantFrom(null, 'acme', 'zeta'),
        policyMark: fc.constantFrom(1, 2),
        hidden: fc.boolean(),
        knownOnly: fc.boolean(),
        needsReason: fc.boolean(),
      }),
      { selector: ({ person }) => person, minLength: 1, maxLength: PEOPLE.length },
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Some are known by evidence only, some by the month before, one is served as another, and one is stopped. */
async function prepare(c: LedgerCase): Promise<void> {
  await c.admit('ann', '2026-10-05T09:00:00Z');
  await c.see('bob', 'joined', '2026-10-05T09:00:00Z');
  await c.see('cleo', 'messaged', '2026-11-02T09:00:00Z', { className: 'member' });
  await c.link('dora', 'somebody');
  await c.block('eve');
}

/** Everything that the ledger tells of the month and its days, but for the limits. */
async function booksOf(c: LedgerCase) {
  const { budget: _budget, masks, ...totals } = await c.totals(MONTH);
  const people = (await c.people(MONTH)).toSorted((a, b) => (a.identity < b.identity ? -1 : 1));
  return {
    ...{ totals, people, masks: new Set(masks), mints: await c.mints(MONTH) },
    ...{ days: await c.ledger.days(c.service, '2026-11' as never), months: await c.ledger.months(c.service) },
  };
}

test('whoever no limit concerns is decided and counted as those below a limit are, among all kinds of others', async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (asked) => {
      const [plain, limited] = [new LedgerCase(store), new LedgerCase(store)];
      await limited.budget(MONTH, { scopes: { all: 1_000, 'class:guest': 1_000, 'tenant:*': 1_000 } });
      for (const c of [plain, limited]) await prepare(c);
      for (const call of asked) {
        const answers = await Promise.all(
          [plain, limited].map((c) =>
            Promise.all(call.asked.map(({ person, ...options }) => c.admit(person, call.at, options))),
          ),
        );
        expect(answers[0]).toEqual(answers[1]);
      }
      expect(await booksOf(plain)).toEqual(await booksOf(limited));
    }),
    RUNS,
  );
});

test('a budget that is off and a raise without one concern nobody, a freeze does', async () => {
  const c = new LedgerCase(store);
  await c.budget(MONTH, { mode: 'off', scopes: { all: 1 } });
  await c.raise('r1', { until: '2026-11-30T00:00:00Z' });
  const admit = (person: string) => c.admit(person, '2026-11-20T10:00:00Z');
  expect(await Promise.all(['ann', 'bob'].map(admit))).toMatchObject([{ ordinal: 1 }, { ordinal: 2 }]);
  await c.freeze(MONTH, '2026-11-20T10:30:00Z');
  expect(await admit('cleo')).toMatchObject({ outcome: 'refused', code: 'new-identities-frozen' });
  await c.freeze(MONTH, null);
  expect(await admit('cleo')).toMatchObject({ outcome: 'new', ordinal: 3 });
  // Three places, one of them by the raise.
  await c.budget(MONTH, { scopes: { all: 2 } });
  expect(await admit('dora')).toMatchObject({ outcome: 'refused', code: 'mau-budget-exhausted' });
  expect(await c.totals(MONTH)).toMatchObject({ all: 3, minted: 3 });
});

/** The buckets that the index of a month names, and those that hold somebody. */
async function bucketsOf(service: ServiceName): Promise<{ marked: number[]; held: number[] }> {
  const root = `mg:{${service}}:${MONTH}:`;
  const index = (await store.admin.getBuffer(`${root}index`)) ?? Buffer.alloc(0);
  const marked = [...index].flatMap((byte, at) =>
    [...Array(8).keys()].flatMap((bit) => (byte & (128 >> bit) ? [8 * at + bit] : [])),
  );
  const keys = await store.admin.keys(`${root}people:*`);
  const held = keys.map((key) => Number(key.slice(key.lastIndexOf(':') + 1))).sort((a, b) => a - b);
  return { marked, held };
}

test('the index of buckets names those that hold somebody, and no other', async () => {
  const c = new LedgerCase(store);
  for (let from = 0; from < 200; from += 50) {
    const people = Array.from({ length: 50 }, (_, number) => `person-${from + number}`);
    await Promise.all(people.map((person) => c.admit(person, '2026-11-20T10:00:00Z')));
  }
  const { marked, held } = await bucketsOf(c.service);
  expect(held.length).toBeGreaterThan(150);
  expect(marked).toEqual(held);
  expect(await c.people(MONTH, 70)).toHaveLength(200);
});
