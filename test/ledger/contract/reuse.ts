import { describe, expect, test } from '@jest/globals';
import { seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const ISSUED = '2026-11-20T09:00:00Z';

function later(elapsedSeconds: number): string {
  return new Date(Date.parse(ISSUED) + elapsedSeconds * 1000).toISOString();
}

export function describeReuse(store: ContractStore): void {
  describe('reuse', () => {
    test('in the first half of its life the last token is handed out again', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', ISSUED);
      expect(await c.admit('ann', later(1_799))).toEqual({
        outcome: 'reuse',
        identity: 'ann',
        issuedAt: seconds(ISSUED),
        expiresAt: seconds(ISSUED) + 3_600,
        ordinal: 1,
        month: '2026-11',
      });
      expect(await c.admit('ann', later(1_800))).toMatchObject({ outcome: 'known', ordinal: 2 });
    });

    test.each([
      [210, 'reuse'],
      [211, 'known'],
    ])('half of an odd life is not rounded: %d of 421 s is %s', async (elapsed, outcome) => {
      const c = new LedgerCase(store);
      await c.admit('ann', ISSUED, { ttlSeconds: 421 });
      expect(await c.admit('ann', later(elapsed))).toMatchObject({ outcome });
    });

    test.each([
      [89, 300, 'reuse'],
      [90, 300, 'known'],
      [208, 419, 'reuse'],
      [209, 419, 'known'],
      [209, 420, 'reuse'],
      [210, 420, 'known'],
    ])(
      'whoever comes when they were told to gets another: after %d of %d s it is %s',
      async (elapsed, ttlSeconds, outcome) => {
        const c = new LedgerCase(store);
        await c.admit('ann', ISSUED, { ttlSeconds });
        expect(await c.admit('ann', later(elapsed))).toMatchObject({ outcome });
      },
    );

    test('a clock that is behind the mint still gets the same token', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', ISSUED);
      expect(await c.admit('ann', later(-90))).toMatchObject({ outcome: 'reuse', issuedAt: seconds(ISSUED) });
    });

    test('nothing is minted, logged or moved, only counted', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', ISSUED);
      const before = await c.people('2026-11');
      await c.admit('ann', later(60), { hidden: true, className: 'guest' });
      await c.admit('ann', later(120));
      expect(await c.people('2026-11')).toEqual(before);
      expect(await c.mints('2026-11')).toHaveLength(1);
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, minted: 1, reused: 2 });
      expect(await c.day('2026-11-20')).toMatchObject({ minted: 1, reused: 2 });
    });

    test('a reuse past midnight belongs to the day of the request', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-20T23:50:00Z');
      expect(await c.admit('ann', '2026-11-21T00:10:00Z')).toMatchObject({ outcome: 'reuse' });
      expect(await c.day('2026-11-20')).toMatchObject({ minted: 1, reused: 0 });
      expect(await c.day('2026-11-21')).toMatchObject({ minted: 0, reused: 1 });
    });

    test('not under another policy mark; then the newest token is the one to reuse', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', ISSUED, { policyMark: 0xffffff });
      expect(await c.admit('ann', later(10), { policyMark: 0 })).toMatchObject({
        outcome: 'known',
        ordinal: 2,
      });
      expect(await c.admit('ann', later(20), { policyMark: 0 })).toMatchObject({
        outcome: 'reuse',
        ordinal: 2,
      });
      expect(await c.admit('ann', later(30), { policyMark: 0xffffff })).toMatchObject({ outcome: 'known' });
    });

    test('not for somebody who is blocked', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', ISSUED);
      await c.block('ann');
      expect(await c.admit('ann', later(10))).toMatchObject({ code: 'identity-blocked' });
    });

    test('not for somebody who is known by evidence only', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'read', ISSUED);
      expect(await c.admit('ann', later(10))).toMatchObject({ outcome: 'known', ordinal: 1 });
    });

    test('whatever budget, freeze and known-only say', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', ISSUED);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 0 } });
      await c.freeze('2026-11', ISSUED);
      expect(await c.admit('ann', later(10), { knownOnly: true })).toMatchObject({ outcome: 'reuse' });
    });

    test('for everybody who is served as the same identity', async () => {
      const c = new LedgerCase(store);
      await c.link('member-ann', 'guest-ann');
      await c.link('old-ann', 'guest-ann');
      await c.admit('old-ann', ISSUED);
      const answer = await c.admit('member-ann', later(10));
      expect(answer).toMatchObject({ outcome: 'reuse', identity: 'guest-ann', ordinal: 1 });
    });

    test('not across months: the next month mints its own', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-30T23:58:00Z');
      const answer = await c.admit('ann', '2026-12-01T00:00:10Z');
      expect(answer).toMatchObject({ outcome: 'known', month: '2026-12', ordinal: 1 });
    });
  });
}
