import { describe, expect, test } from '@jest/globals';
import { monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const NOVEMBER = monthNamed('2026-11');

export function describeBeacons(store: ContractStore): void {
  describe('beacons', () => {
    test('are counted by month and day', async () => {
      const c = new LedgerCase(store);
      const count = (beacons: number, at: string) =>
        c.ledger.countBeacons(c.service, beacons, Date.parse(at));
      await count(1, '2026-11-20T10:00:00Z');
      await count(40, '2026-11-20T23:59:59.999Z');
      await Promise.all([count(2, '2026-11-21T00:00:00Z'), count(3, '2026-11-21T12:00:00Z')]);
      await count(5, '2026-12-01T00:00:00Z');

      expect(await c.totals('2026-11')).toMatchObject({ all: 0, minted: 0, reused: 0, beacons: 46 });
      expect(await c.totals('2026-12')).toMatchObject({ beacons: 5 });
      const days = await c.ledger.days(c.service, NOVEMBER);
      const told = days.filter(({ beacons }) => beacons > 0).map(({ day, beacons }) => [day, beacons]);
      expect(told).toEqual([
        ['2026-11-20', 41],
        ['2026-11-21', 5],
      ]);
    });

    test('make neither people nor evidence, and no month', async () => {
      const c = new LedgerCase(store);
      await c.ledger.countBeacons(c.service, 7, Date.parse('2026-11-20T10:00:00Z'));
      expect(await c.people('2026-11')).toEqual([]);
      expect(await c.ledger.months(c.service)).toEqual([]);
      await c.see('ann', 'connected', '2026-11-20T10:00:00Z');
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, beacons: 7 });
    });

    test('stay counted when figures of the month are raised, and do not come with them', async () => {
      const [c, empty] = [new LedgerCase(store), new LedgerCase(store)];
      await c.ledger.countBeacons(c.service, 7, Date.parse('2026-11-20T10:00:00Z'));
      const totals = { ...(await c.totals('2026-11')), minted: 9 };
      const days = await c.ledger.days(c.service, NOVEMBER);
      for (const { ledger, service } of [c, empty]) {
        await ledger.retention.raiseFigures(service, NOVEMBER, { totals, days });
      }
      expect(await c.totals('2026-11')).toMatchObject({ minted: 9, beacons: 7 });
      expect(await c.day('2026-11-20')).toMatchObject({ beacons: 7 });
      expect(await empty.totals('2026-11')).toMatchObject({ minted: 9, beacons: 0 });
    });
  });
}
