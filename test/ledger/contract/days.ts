import { describe, expect, test } from '@jest/globals';
import { monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

export function describeDays(store: ContractStore): void {
  describe('days', () => {
    test('newcomers are counted on the day, in the hour and in the class in which they came', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-01T00:00:05Z');
      await c.admit('bob', '2026-11-01T23:10:00Z', { className: 'guest' });
      await c.see('cleo', 'addressed', '2026-11-01T23:59:59.999Z', { className: 'address' });
      await c.admit('dan', '2026-11-30T12:00:00Z');
      const days = await c.ledger.days(c.service, monthNamed('2026-11'));
      expect(days[0]).toEqual({
        day: '2026-11-01',
        newByClass: { member: 1, guest: 1, address: 1 },
        newByHour: new Array(24).fill(0).with(0, 1).with(23, 2),
        minted: 2,
        reused: 0,
        refused: {},
        beacons: 0,
      });
      expect(days[29]).toMatchObject({ newByClass: { member: 1 }, minted: 1 });
      const others = days.slice(1, 29);
      expect(
        others.every(({ newByClass, minted }) => Object.keys(newByClass).length === 0 && minted === 0),
      ).toBe(true);
    });

    test('a later mint counts on its own day, the newcomer stays on the first', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-03T10:00:00Z');
      await c.admit('ann', '2026-11-05T10:00:00Z');
      expect(await c.day('2026-11-05')).toMatchObject({ newByClass: {}, minted: 1 });
    });

    test('earlier evidence moves a newcomer to the day on which they were first seen', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-03T10:00:00Z');
      await c.see('ann', 'read', '2026-11-02T10:00:00Z');
      expect(await c.day('2026-11-02')).toMatchObject({ newByClass: { member: 1 } });
      expect(await c.day('2026-11-03')).toMatchObject({ newByClass: {}, minted: 1 });
    });

    test('days add up to the month', async () => {
      const c = new LedgerCase(store);
      for (let day = 1; day <= 30; day += 1) {
        const at = `2026-11-${String(day).padStart(2, '0')}T${String(day % 24).padStart(2, '0')}:30:00Z`;
        await Promise.all([c.admit(`p${day}`, at), c.admit('ann', at)]);
        await c.admit('ann', at);
      }
      const days = await c.ledger.days(c.service, monthNamed('2026-11'));
      const totals = await c.totals('2026-11');
      expect(totals).toMatchObject({ all: 31, minted: 60, reused: 30 });
      const sum = (of: (day: (typeof days)[number]) => number) => days.reduce((all, day) => all + of(day), 0);
      expect(sum(({ newByClass }) => newByClass['member'] ?? 0)).toBe(31);
      expect(sum(({ newByHour }) => newByHour.reduce((all, hour) => all + hour, 0))).toBe(31);
      expect(sum(({ minted }) => minted)).toBe(60);
      expect(sum(({ reused }) => reused)).toBe(30);
    });
  });
}
