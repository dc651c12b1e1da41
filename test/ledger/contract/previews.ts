import { describe, expect, test } from '@jest/globals';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:10:00Z';

export function describePreviews(store: ContractStore): void {
  describe('previews', () => {
    test('tell what an admission would look at', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 9 }, priorities: { member: 0, guest: 0 } });
      await c.raise('fair', { until: '2026-11-30T00:00:00Z' });
      await c.admit('ann', '2026-11-20T08:59:59Z');
      await c.admit('bob', '2026-11-20T09:59:59Z', { className: 'guest', tenant: 'acme' });
      await c.see('cleo', 'addressed', AT, { className: 'address' });
      expect(await c.preview('dan', AT)).toEqual({
        identity: 'dan',
        blocked: false,
        adopted: false,
        months: [
          {
            month: '2026-11',
            record: null,
            reason: false,
            limits: await c.limits('2026-11'),
            all: 3,
            byClass: { member: 1, guest: 1, address: 1 },
            byTenant: { acme: 1 },
            newThisHour: 1,
          },
        ],
      });
      const record = await c.person('ann', '2026-11');
      expect((await c.preview('ann', AT)).months).toMatchObject([{ record }]);
      expect(await c.standing('ann', AT)).toEqual({
        ...{ identity: 'ann', blocked: false, adopted: false },
        months: [{ month: '2026-11', record, reason: false }],
      });
    });

    test('follow links, and tell blocks and adoptions', async () => {
      const c = new LedgerCase(store);
      await c.admit('guest', AT);
      await c.adopt('guest', 'member');
      expect(await c.preview('member', AT)).toMatchObject({
        identity: 'guest',
        adopted: false,
        blocked: false,
      });
      expect(await c.preview('guest', AT)).toMatchObject({ identity: 'guest', adopted: true });
      await c.block('guest');
      for (const found of [await c.preview('member', AT), await c.standing('member', AT)]) {
        expect(found).toMatchObject({ blocked: true, months: [{ record: { identity: 'guest' } }] });
      }
    });

    test('name both months at the turn, that of the first instant first', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'joined', AT);
      await c.freeze('2026-12', '2026-12-01T00:00:00Z');
      const before = await c.preview('ann', '2026-11-30T23:59:00Z');
      expect(before.months).toMatchObject([
        { month: '2026-11', reason: false, all: 1, limits: { frozenSince: null } },
        {
          month: '2026-12',
          record: null,
          reason: true,
          all: 0,
          limits: { frozenSince: '2026-12-01T00:00:00Z' },
        },
      ]);
      const after = await c.preview('ann', '2026-12-01T00:00:02Z');
      expect(after.months.map(({ month }) => month)).toEqual(['2026-12', '2026-11']);
      expect(await c.standing('ann', '2026-12-01T00:00:02Z')).toMatchObject({
        months: [
          { month: '2026-12', record: null, reason: true },
          { month: '2026-11', record: { identity: 'ann' }, reason: false },
        ],
      });
    });

    test('change nothing', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 0 }, thresholds: [50] });
      for (let time = 0; time < 3; time += 1) {
        await c.preview('ann', AT, { className: 'never-seen', tenant: 'never-seen', knownOnly: true });
      }
      expect(await c.totals('2026-11')).toMatchObject({
        all: 0,
        minted: 0,
        reused: 0,
        refused: {},
        shadow: {},
      });
      expect(await c.ledger.months(c.service)).toEqual([]);
      expect(await c.alerts()).toEqual([]);
    });
  });
}
