import { describe, expect, test } from '@jest/globals';
import { budgetOf } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const DAY_TWO = '2026-11-02T00:00:00Z';
const PRIORITIES = { member: 0, guest: 0 };

function guarded(mode: 'warn' | 'block', budgetMode: 'warn' | 'block' | 'off' = 'block') {
  const spikeGuard = { factor: 2, minimum: 1, mode };
  return budgetOf({ mode: budgetMode, priorities: PRIORITIES, spikeGuard });
}

async function crowd(c: LedgerCase, people: number, at: string, prefix = 'p') {
  const names = Array.from({ length: people }, (_, n) => `${prefix}${n}`);
  const answers = await Promise.all(names.map((name) => c.admit(name, at)));
  return answers.filter(({ outcome }) => outcome === 'new').length;
}

export function describeSpikeGuard(store: ContractStore): void {
  describe('the spike guard', () => {
    test('is silent on the first day, and then holds the hour to a multiple of the mean one', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', guarded('block'));
      expect(await crowd(c, 48, '2026-11-01T23:59:59Z', 'early')).toBe(48);
      // 48 in 24 hours: 2 an hour, so 4 are let in.
      expect(await crowd(c, 10, DAY_TWO, 'a')).toBe(4);
      expect(await c.admit('late', '2026-11-02T00:59:59Z')).toMatchObject({
        outcome: 'refused',
        code: 'mau-budget-exhausted',
        budget: 'new-per-hour',
        limit: 4,
        used: 4,
        month: '2026-11',
        resetsAt: '2026-11-02T01:00:00Z',
      });
      expect(await c.admit('a0', '2026-11-02T00:59:59Z')).toMatchObject({ outcome: 'known' });
      // 52 in 25 hours.
      expect(await crowd(c, 10, '2026-11-02T01:00:00Z', 'b')).toBe(5);
    });

    test('always lets the minimum in', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', {
        ...guarded('block'),
        spikeGuard: { factor: 9, minimum: 3, mode: 'block' },
      });
      expect(await crowd(c, 10, DAY_TWO)).toBe(3);
    });

    test('does not count whom it has no class for, such as addresses', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', guarded('block'));
      for (const person of ['x', 'y', 'z'])
        await c.see(person, 'addressed', DAY_TWO, { className: 'address' });
      expect(await c.admit('ann', DAY_TWO)).toMatchObject({ outcome: 'new' });
      expect(await c.admit('bob', DAY_TWO)).toMatchObject({ budget: 'new-per-hour', limit: 1, used: 1 });
    });

    test.each(['block', 'warn'] as const)(
      'speaks in its own mode while the budget is in mode %s',
      async (mode) => {
        const c = new LedgerCase(store);
        await c.budget('2026-11', guarded('warn', mode));
        expect(await crowd(c, 3, DAY_TWO)).toBe(3);
        expect(await c.totals('2026-11')).toMatchObject({
          shadow: { 'mau-budget-exhausted': 2 },
          refused: {},
        });
        const other = new LedgerCase(store);
        await other.budget('2026-11', guarded('block', mode));
        expect(await crowd(other, 3, DAY_TWO)).toBe(1);
      },
    );

    test('is off with the budget', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', guarded('block', 'off'));
      expect(await crowd(c, 3, DAY_TWO)).toBe(3);
      expect(await c.alerts()).toEqual([]);
    });

    test.each(['block', 'warn'] as const)('that trips in mode %s alerts once an hour', async (mode) => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', guarded(mode));
      await c.admit('first', DAY_TWO);
      expect(await c.alerts()).toEqual([]);
      await c.admit('second', '2026-11-02T00:00:30Z');
      await crowd(c, 20, '2026-11-02T00:59:59Z', 'a');
      const alert = { month: '2026-11', budget: 'new-per-hour', threshold: 100, state: 'firing' };
      expect(await c.alerts()).toMatchObject([
        { ...alert, at: Date.parse('2026-11-02T00:00:30Z'), limit: 1, used: 1 },
      ]);
      await crowd(c, 20, '2026-11-02T01:00:00Z', 'b');
      await crowd(c, 20, '2026-11-02T01:30:00Z', 'c');
      expect(await c.alerts()).toMatchObject([alert, alert]);
    });

    test('comes last: a full budget speaks before it, and it does not trip', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { ...guarded('block'), scopes: { all: 1 } });
      await c.admit('ann', DAY_TWO);
      expect(await c.admit('bob', DAY_TWO)).toMatchObject({ budget: 'all' });
      expect(await c.alerts()).toEqual([]);
    });
  });
}
