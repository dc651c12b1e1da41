import { describe, expect, test } from '@jest/globals';
import { seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T12:00:00Z';

export function describeBlocksAndLinks(store: ContractStore): void {
  describe('blocks and links', () => {
    test('nobody blocked is served, known or not, until allowed again', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', AT);
      for (const person of ['ann', 'bob']) {
        await c.block(person);
        await c.block(person);
        expect(await c.admit(person, LATER)).toMatchObject({ outcome: 'refused', code: 'identity-blocked' });
      }
      expect(await c.totals('2026-11')).toMatchObject({
        all: 1,
        minted: 1,
        refused: { 'identity-blocked': 2 },
      });
      for (const person of ['ann', 'bob']) await c.block(person, false);
      expect(await c.admit('ann', LATER)).toMatchObject({ outcome: 'known' });
      expect(await c.admit('bob', LATER)).toMatchObject({ outcome: 'new' });
    });

    test('a block holds in every month and is counted in the month of the request', async () => {
      const c = new LedgerCase(store);
      await c.block('ann');
      await c.admit('ann', '2026-11-30T23:59:59Z');
      await c.admit('ann', '2027-05-01T00:00:00Z');
      expect(await c.totals('2026-11')).toMatchObject({ refused: { 'identity-blocked': 1 } });
      expect(await c.totals('2026-12')).toMatchObject({ refused: {} });
      expect(await c.totals('2027-05')).toMatchObject({ refused: { 'identity-blocked': 1 } });
    });

    test('allowing somebody who was never blocked changes nothing', async () => {
      const c = new LedgerCase(store);
      await c.block('ann', false);
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
    });

    test('evidence about somebody blocked counts', async () => {
      const c = new LedgerCase(store);
      await c.block('ann');
      await c.see('ann', 'messaged', AT);
      expect(await c.totals('2026-11')).toMatchObject({ all: 1 });
    });

    test('somebody linked is counted and signed as the other identity', async () => {
      const c = new LedgerCase(store);
      await c.admit('guest', AT, { className: 'guest' });
      await c.link('member', 'guest');
      await c.link('member', 'guest');
      expect(await c.admit('member', LATER)).toMatchObject({
        outcome: 'known',
        identity: 'guest',
        ordinal: 2,
      });
      expect(await c.people('2026-11')).toMatchObject([{ identity: 'guest', className: 'guest', mints: 2 }]);
      expect(await c.mints('2026-11')).toMatchObject([
        { identity: 'guest', subject: 'guest', issuedAt: seconds(AT) },
        { identity: 'guest', subject: 'member', issuedAt: seconds(LATER) },
      ]);
    });

    test('a link to somebody new counts that one', async () => {
      const c = new LedgerCase(store);
      await c.link('member', 'guest');
      expect(await c.admit('member', AT)).toMatchObject({ outcome: 'new', identity: 'guest' });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1 });
    });

    test('a later link takes the place of an earlier one', async () => {
      const c = new LedgerCase(store);
      await c.link('member', 'first');
      await c.admit('member', AT);
      await c.link('member', 'second');
      expect(await c.admit('member', LATER)).toMatchObject({ outcome: 'new', identity: 'second' });
      await c.link('member', 'member');
      expect(await c.admit('member', LATER)).toMatchObject({ outcome: 'new', identity: 'member' });
    });

    test('a link is followed once', async () => {
      const c = new LedgerCase(store);
      await c.link('a', 'b');
      await c.link('b', 'c');
      expect(await c.admit('a', AT)).toMatchObject({ identity: 'b' });
      expect(await c.admit('b', AT)).toMatchObject({ identity: 'c' });
    });

    test.each(['member', 'guest'])('somebody linked is stopped by a block of the %s', async (blocked) => {
      const c = new LedgerCase(store);
      await c.link('member', 'guest');
      await c.admit('member', AT);
      await c.block(blocked);
      for (const at of [AT, LATER]) {
        expect(await c.admit('member', at)).toMatchObject({ code: 'identity-blocked' });
      }
      expect(await c.preview('member', AT)).toMatchObject({ identity: 'guest', blocked: true });
      await c.block(blocked, false);
      expect(await c.admit('member', LATER)).toMatchObject({ outcome: 'known', identity: 'guest' });
      expect(await c.preview('member', AT)).toMatchObject({ blocked: false });
    });

    test('a link made after a block does not get around it', async () => {
      const c = new LedgerCase(store);
      await c.block('member');
      await c.link('member', 'legacy');
      expect(await c.admit('member', AT)).toMatchObject({ code: 'identity-blocked' });
      expect(await c.totals('2026-11')).toMatchObject({ all: 0 });
    });

    test('evidence does not follow links', async () => {
      const c = new LedgerCase(store);
      await c.link('member', 'guest');
      await c.see('member', 'read', AT);
      expect(await c.people('2026-11')).toMatchObject([{ identity: 'member' }]);
    });
  });
}
