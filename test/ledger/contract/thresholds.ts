import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../src/ledger/alert-book.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T12:00:00Z';
const THRESHOLDS = [50, 80, 100];

function crowd(c: LedgerCase, from: number, to: number, options: Parameters<LedgerCase['admit']>[2] = {}) {
  const places = Array.from({ length: to - from }, (_, n) => from + n);
  return Promise.all(places.map((n) => c.admit(`p${n}`, AT, options)));
}

/** `<scope> <threshold> <state>` of each alert, in the order of writing. */
async function told(c: LedgerCase): Promise<string[]> {
  return (await c.alerts(3)).map(({ budget, threshold, state }: Alert) => `${budget} ${threshold} ${state}`);
}

export function describeThresholds(store: ContractStore): void {
  describe('thresholds', () => {
    test('each fires once, with its numbers, by whoever reaches it', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 10 }, thresholds: THRESHOLDS });
      await crowd(c, 0, 4);
      expect(await c.alerts()).toEqual([]);
      await c.admit('ann', LATER);
      expect(await c.alerts()).toEqual([
        {
          id: expect.any(String),
          at: Date.parse(LATER),
          month: '2026-11',
          budget: 'all',
          threshold: 50,
          state: 'firing',
          limit: 10,
          used: 5,
          deliveries: [],
        },
      ]);
      for (let n = 5; n < 9; n += 1) await c.admit(`p${n}`, AT);
      expect(await told(c)).toEqual(['all 50 firing', 'all 80 escalated']);
      await c.see('address', 'addressed', LATER, { className: 'address' });
      expect((await c.alerts()).at(-1)).toMatchObject({ threshold: 100, state: 'escalated', used: 10 });
      await crowd(c, 20, 40);
      await c.admit('ann', '2026-11-20T18:00:00Z');
      await c.see('address-2', 'addressed', LATER, { className: 'address' });
      expect(await told(c)).toHaveLength(3);
    });

    test('several reached by one are all told, the first as firing', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 1 }, thresholds: THRESHOLDS });
      await c.admit('ann', AT);
      expect(await told(c)).toEqual(['all 50 firing', 'all 80 escalated', 'all 100 escalated']);
    });

    test('a rush of refusals tells nothing that was told before', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 20 }, thresholds: THRESHOLDS });
      await crowd(c, 0, 500);
      expect(await told(c)).toEqual(['all 50 firing', 'all 80 escalated', 'all 100 escalated']);
    });

    test('each scope has its own', async () => {
      const c = new LedgerCase(store);
      const scopes = { all: 4, 'class:guest': 2, 'tenant:*': 1, 'class:member': 100 } as const;
      await c.budget('2026-11', { scopes, thresholds: [50] });
      await c.admit('ann', AT, { className: 'guest', tenant: 'acme' });
      await c.admit('bob', AT, { tenant: 'zen' });
      await c.admit('cleo', AT);
      expect((await told(c)).sort()).toEqual([
        'all 50 firing',
        'class:guest 50 firing',
        'tenant:acme 50 firing',
        'tenant:zen 50 firing',
      ]);
    });

    test('each month has its own; a mint over its turn may fire in both', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 1 }, thresholds: [100] });
      await c.admit('ann', '2026-11-30T23:59:00Z');
      expect((await c.alerts()).map(({ month }) => month).sort()).toEqual(['2026-11', '2026-12']);
    });

    test.each([
      ['off', { mode: 'off', scopes: { all: 1 } }],
      ['without limits', { scopes: {} }],
      ['without places', { mode: 'warn', scopes: { all: 0 } }],
    ] as const)('a budget %s has none', async (_, budget) => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { ...budget, thresholds: THRESHOLDS });
      await crowd(c, 0, 3);
      expect(await c.alerts()).toEqual([]);
    });

    test('a budget that warns fires beyond its limit as well, once', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'warn', scopes: { all: 2 }, thresholds: [100] });
      await crowd(c, 0, 9);
      expect(await told(c)).toEqual(['all 100 firing']);
    });

    test('a raise makes them recover, and what is reached anew is told again', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 10 }, thresholds: THRESHOLDS });
      for (let n = 0; n < 10; n += 1) await c.admit(`p${n}`, AT);
      await c.raise('fair', { until: '2026-11-30T00:00:00Z', identities: 4 }, LATER);
      // 10 of 14: only 50 is held still.
      expect((await c.alerts()).at(-1)).toMatchObject({
        at: Date.parse(LATER),
        budget: 'all',
        threshold: 80,
        state: 'recovered',
        limit: 14,
        used: 10,
      });
      await crowd(c, 10, 12);
      await c.change({ kind: 'end-raise', id: 'fair' }, { at: LATER });
      expect(await told(c)).toEqual([
        'all 50 firing',
        'all 80 escalated',
        'all 100 escalated',
        'all 80 recovered',
        'all 80 escalated',
        'all 100 escalated',
      ]);
    });

    test('a raise that ends by itself is seen by the next newcomer, and lowers nothing before', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'warn', scopes: { all: 2 }, thresholds: THRESHOLDS });
      await c.raise('fair', { until: '2026-11-20T10:00:00Z', identities: 8 });
      await crowd(c, 0, 3);
      expect(await told(c)).toEqual([]);
      await c.admit('ann', LATER);
      expect((await c.alerts())[0]).toMatchObject({ threshold: 50, state: 'firing', limit: 2, used: 4 });
      await c.admit('bob', AT);
      expect(await told(c)).toHaveLength(3);
    });

    test('a blocking limit that is reached because a raise ended is told by the first refusal, once', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 2, 'tenant:*': 90 }, thresholds: THRESHOLDS });
      await c.raise('fair', { until: '2026-11-20T10:00:00Z', identities: 8 });
      await crowd(c, 0, 3, { tenant: 'acme' });
      expect(await told(c)).toEqual([]);
      for (const person of ['ann', 'bob', 'cleo']) {
        expect(await c.admit(person, LATER, { tenant: 'acme' })).toMatchObject({
          code: 'mau-budget-exhausted',
        });
      }
      expect(await told(c)).toEqual(['all 50 firing', 'all 80 escalated', 'all 100 escalated']);
      expect((await c.alerts()).at(-1)).toMatchObject({ at: Date.parse(LATER), limit: 2, used: 3 });
    });

    test('so is one that is configured lower than what is used', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 100, 'class:guest': 100 }, thresholds: [100] });
      await crowd(c, 0, 3, { className: 'guest' });
      await c.budget('2026-11', { scopes: { all: 100, 'class:guest': 2 }, thresholds: [100] });
      await crowd(c, 3, 90, { className: 'guest' });
      expect(await told(c)).toEqual(['class:guest 100 firing']);
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
    });

    test('a budget that is lowered fires at once, one that is taken away recovers', async () => {
      const c = new LedgerCase(store);
      await crowd(c, 0, 4, { tenant: 'acme' });
      await c.setBudget('2026-11', { scopes: { all: 5, 'tenant:*': 4 }, thresholds: THRESHOLDS }, LATER);
      expect((await told(c)).sort()).toEqual([
        'all 50 firing',
        'all 80 escalated',
        'tenant:acme 100 escalated',
        'tenant:acme 50 firing',
        'tenant:acme 80 escalated',
      ]);
      await c.setBudget('2026-11', { scopes: { all: 100 }, thresholds: THRESHOLDS }, LATER);
      expect((await told(c)).slice(5).sort()).toEqual(['all 50 recovered', 'tenant:acme 50 recovered']);
      await c.setBudget('2026-11', { scopes: { all: 4 }, thresholds: [90] }, LATER);
      await c.setBudget('2026-11', { mode: 'off', scopes: { all: 4 }, thresholds: [90] }, LATER);
      expect((await told(c)).slice(7)).toEqual(['all 90 firing', 'all 90 recovered']);
      await c.setBudget('2026-11', { mode: 'off', scopes: { all: 4 }, thresholds: [90] }, LATER);
      expect(await told(c)).toHaveLength(9);
    });

    test('other thresholds are no recovery; a higher limit is, by what was told under those before', async () => {
      const c = new LedgerCase(store);
      await c.setBudget('2026-11', { scopes: { all: 10 }, thresholds: [50, 80] });
      for (let n = 0; n < 8; n += 1) await c.admit(`p${n}`, AT);
      await c.setBudget('2026-11', { scopes: { all: 10 }, thresholds: [90] }, LATER);
      expect(await told(c)).toEqual(['all 50 firing', 'all 80 escalated']);
      await c.setBudget('2026-11', { scopes: { all: 11 }, thresholds: [90] }, LATER);
      expect((await told(c)).slice(2)).toEqual(['all 80 recovered']);
      for (let n = 8; n < 10; n += 1) await c.admit(`p${n}`, AT);
      expect((await told(c)).slice(3)).toEqual(['all 90 firing']);
    });

    test.each([
      ['lower', [60, 95]],
      ['none', []],
    ])(
      'a full budget with %s thresholds is full all the same, and is not told again with those of before',
      async (_, thresholds) => {
        const c = new LedgerCase(store);
        await c.budget('2026-11', { scopes: { all: 10 }, thresholds: THRESHOLDS });
        for (let n = 0; n < 10; n += 1) await c.admit(`p${n}`, AT);
        await c.setBudget('2026-11', { scopes: { all: 10 }, thresholds }, LATER);
        await c.setBudget('2026-11', { scopes: { all: 10 }, thresholds: THRESHOLDS }, LATER);
        expect(await told(c)).toEqual(['all 50 firing', 'all 80 escalated', 'all 100 escalated']);
      },
    );

    test('neither is a limit of no places', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 2 }, thresholds: [100] });
      await crowd(c, 0, 2);
      await c.setBudget('2026-11', { scopes: { all: 0 }, thresholds: [100] }, LATER);
      expect(await told(c)).toEqual(['all 100 firing']);
    });

    test('pages are newest first, each alert once', async () => {
      const c = new LedgerCase(store);
      const scopes = { all: 100 };
      await c.budget('2026-11', { scopes, thresholds: Array.from({ length: 13 }, (_, n) => n + 1) });
      for (let n = 0; n < 13; n += 1) await c.admit(`p${n}`, AT);
      for (const limit of [1, 4, 13, 50]) {
        const thresholds = (await c.alerts(limit)).map(({ threshold }) => threshold);
        expect(thresholds).toEqual(Array.from({ length: 13 }, (_, n) => n + 1));
      }
      const newest = await c.ledger.alerts(c.service, { after: null, limit: 2 });
      expect(newest.items.map(({ threshold }) => threshold)).toEqual([13, 12]);
    });
  });
}
