import { describe, expect, test } from '@jest/globals';
import { monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const NOVEMBER = monthNamed('2026-11');
const AT = Date.parse('2026-11-20T09:00:00Z');
const CROSSING = { month: NOVEMBER, at: AT, limit: 500, forecast: 613 };

export function describeForecastAlert(store: ContractStore): void {
  describe('the alert of a forecast', () => {
    test('is written once a month, whatever becomes of the limit', async () => {
      const c = new LedgerCase(store);
      expect(await c.ledger.foretell(c.service, CROSSING)).toBe(true);
      expect(await c.ledger.foretell(c.service, { ...CROSSING, limit: 600, at: AT + 60_000 })).toBe(false);
      const december = { month: monthNamed('2026-12'), at: Date.parse('2026-12-04T00:00:00Z') };
      expect(await c.ledger.foretell(c.service, { ...CROSSING, ...december })).toBe(true);
      const { items } = await c.ledger.alerts(c.service, { after: null, limit: 10 });
      expect(items.map(({ id: _id, ...alert }) => alert)).toEqual([
        {
          ...december,
          budget: 'forecast',
          threshold: 100,
          state: 'firing',
          limit: 500,
          used: 613,
          deliveries: [],
        },
        {
          ...{ month: NOVEMBER, at: AT, budget: 'forecast', threshold: 100, state: 'firing' },
          ...{ limit: 500, used: 613, deliveries: [] },
        },
      ]);
    });

    test('is written by one of many gateways, and for each service of its own', async () => {
      const [c, other] = [new LedgerCase(store), new LedgerCase(store)];
      const tries = Array.from({ length: 20 }, () => c.ledger.foretell(c.service, CROSSING));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      expect(await other.ledger.foretell(other.service, CROSSING)).toBe(true);
    });

    test('is delivered like any other, and no change of limits takes it back', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 500 } });
      await c.ledger.foretell(c.service, CROSSING);
      await c.budget('2026-11', { scopes: { all: 900 } });
      await c.setBudget('2026-11', { scopes: { all: 1_000 } });
      const take = { targets: ['slack'], now: AT, leaseMs: 1_000, max: 9 };
      const due = await c.ledger.takeDeliveries(c.service, take);
      expect(due.map(({ alert }) => `${alert.budget} ${alert.state}`)).toEqual(['forecast firing']);
    });
  });
}
