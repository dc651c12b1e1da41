import { describe, expect, test } from '@jest/globals';
import { bucketOf } from '../../../src/ledger/buckets.ts';
import { identityOf } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T12:00:00Z';

/** Everything that a ledger tells of two months of a service, as text. */
async function everything(c: LedgerCase): Promise<string> {
  const months = ['2026-10', '2026-11'];
  const told = await Promise.all(
    months.flatMap((month) => [c.totals(month), c.people(month), c.mints(month)]),
  );
  return JSON.stringify(told);
}

/** Under which the mint log shows its rows. */
async function names(c: LedgerCase, month: string): Promise<string[]> {
  return (await c.mints(month)).map(({ identity }) => identity);
}

export function describeErasure(store: ContractStore): void {
  describe('erasure', () => {
    test('leaves a pseudonym wherever the identity stood, and every count as it was', async () => {
      const c = new LedgerCase(store);
      await c.admit('secret', '2026-10-05T09:00:00Z', { tenant: 'acme' });
      await c.see('secret', 'messaged', AT);
      await c.admit('secret', LATER);
      await c.admit('other', LATER);
      const before = await everything(c);
      const days = await c.day('2026-11-20');
      await c.erase('secret', 'x-1');

      expect(await everything(c)).toBe(before.replaceAll('"secret"', '"x-1"'));
      expect(await c.day('2026-11-20')).toEqual(days);
      expect(await c.ledger.identityFile(c.service, identityOf('secret'))).toMatchObject({ months: [] });
      expect((await c.ledger.identityFile(c.service, identityOf('x-1'))).months).toHaveLength(2);
    });

    test('makes whoever comes back somebody new, and keeps the merges they had', async () => {
      const c = new LedgerCase(store);
      await c.admit('secret', AT);
      await c.admit('guest', AT);
      await c.adopt('guest', 'secret', AT);
      await c.erase('secret', 'x-1', LATER);
      expect(await c.admit('secret', '2026-11-20T16:00:00Z')).toMatchObject({ outcome: 'new' });
      expect((await c.mints('2026-11')).map(({ identity }) => identity)).toEqual(['x-1', 'guest', 'secret']);
      expect(await c.ledger.merges(c.service)).toMatchObject([{ guest: 'guest', member: 'x-1' }]);
    });

    test('tells who was erased from who comes back within a minute', async () => {
      const c = new LedgerCase(store);
      await c.admit('secret', '2026-11-20T12:00:00Z');
      await c.erase('secret', 'x-1', '2026-11-20T12:01:00Z');
      expect(await c.admit('secret', '2026-11-20T12:01:30Z')).toMatchObject({ outcome: 'new' });
      await c.admit('secret', '2026-11-20T12:01:31Z', { policyMark: 2 });
      expect(await names(c, '2026-11')).toEqual(['x-1', 'secret', 'secret']);
      expect(await c.person('x-1', '2026-11')).toMatchObject({ mints: 1 });
      expect(await c.person('secret', '2026-11')).toMatchObject({ mints: 2 });
    });

    test('hides a mint of a clock that is minutes ahead, and not one after it of a clock behind', async () => {
      const c = new LedgerCase(store);
      await c.link('own', 'secret');
      await c.admit('own', '2026-11-20T12:02:30Z');
      await c.erase('secret', 'x-1', '2026-11-20T12:00:00Z');
      await c.erase('own', 'x-2', '2026-11-20T12:00:00Z');
      await c.admit('secret', '2026-11-20T11:58:00Z');
      expect(await c.mints('2026-11')).toMatchObject([
        { identity: 'x-1', subject: 'x-2' },
        { identity: 'secret', subject: 'secret' },
      ]);
      expect((await c.people('2026-11')).map(({ identity }) => identity).sort()).toEqual(['secret', 'x-1']);
    });

    test('in a month that nobody has come in yet hides nobody who comes in it', async () => {
      const c = new LedgerCase(store);
      await c.admit('secret', '2026-10-31T20:00:00Z');
      await c.erase('secret', 'x-1', '2026-11-01T00:00:10Z');
      await c.admit('secret', '2026-11-01T00:00:30Z');
      await c.admit('secret', '2026-12-01T09:00:00Z');
      expect(await names(c, '2026-10')).toEqual(['x-1']);
      expect(await names(c, '2026-11')).toEqual(['secret']);
      expect(await names(c, '2026-12')).toEqual(['secret']);
    });

    test('of an adopted guest leaves the old credential void', async () => {
      const c = new LedgerCase(store);
      await c.admit('guest', AT, { className: 'guest' });
      await c.adopt('guest', 'member');
      const erasures = [
        { identity: identityOf('member'), pseudonym: identityOf('x-member') },
        { identity: identityOf('guest'), pseudonym: identityOf('x-guest'), staysVoid: true },
      ];
      await c.change({ kind: 'erase', erasures }, { at: '2026-11-20T17:00:00Z' });
      expect(await c.admit('guest', '2026-11-20T18:00:00Z')).toMatchObject({ code: 'unauthenticated' });
      expect(await c.admit('member', '2026-11-20T18:00:00Z')).toMatchObject({
        outcome: 'new',
        identity: 'member',
      });
    });

    test('keeps pages in their order', async () => {
      const c = new LedgerCase(store);
      for (let n = 0; n < 12; n += 1) await c.admit(`p${n}`, AT);
      for (let n = 0; n < 12; n += 2) await c.erase(`p${n}`, `x-${n}`);
      const people = (await c.people('2026-11', 5)).map(({ identity }) => identity);
      expect(people).toHaveLength(12);
      expect(people).toEqual([...people].sort((a, b) => bucketOf(a) - bucketOf(b) || (a < b ? -1 : 1)));
    });

    test('of a member and the identity they were served as hides both', async () => {
      const c = new LedgerCase(store);
      await c.admit('guest', AT, { className: 'guest' });
      await c.adopt('guest', 'member');
      await c.admit('member', LATER);
      const erasures = [
        { identity: identityOf('member'), pseudonym: identityOf('x-member') },
        { identity: identityOf('guest'), pseudonym: identityOf('x-guest') },
      ];
      await c.change({ kind: 'erase', erasures }, { at: '2026-11-20T17:00:00Z' });
      expect(await c.people('2026-11')).toMatchObject([{ identity: 'x-guest', mints: 2 }]);
      expect(await c.mints('2026-11')).toMatchObject([
        { identity: 'x-guest', subject: 'x-guest' },
        { identity: 'x-guest', subject: 'x-member' },
      ]);
      const own = ['member', 'guest', 'x-member', 'x-guest'].map(identityOf);
      expect(await c.ledger.linksOf(c.service, own)).toEqual([null, null, null, null]);
      expect(await c.admit('member', '2026-11-20T18:00:00Z')).toMatchObject({
        outcome: 'new',
        identity: 'member',
      });
    });

    test('drops links from and to the identity, and its block', async () => {
      const c = new LedgerCase(store);
      await c.link('a', 'secret');
      await c.link('b', 'secret');
      await c.link('secret', 'c');
      await c.block('secret');
      await c.erase('secret', 'x-1');
      for (const person of ['a', 'b', 'secret']) {
        expect(await c.admit(person, AT)).toMatchObject({ outcome: 'new', identity: person });
      }
    });

    test('of somebody who was never there changes nothing', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', AT);
      const before = await everything(c);
      expect(await c.erase('nobody', 'x-1')).toEqual({ outcome: 'done' });
      expect(await everything(c)).toBe(before);
    });

    test('of somebody admitted in the same moment takes effect', async () => {
      const c = new LedgerCase(store);
      await Promise.all([c.admit('secret', AT), c.admit('other', AT)]);
      await c.erase('secret', 'x-1');
      expect(await everything(c)).not.toContain('secret');
      expect(await c.totals('2026-11')).toMatchObject({ all: 2, minted: 2 });
    });
  });
}
