import { describe, expect, test } from '@jest/globals';
import { identityOf } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T12:00:00Z';
const GUEST = { className: 'guest' };

function file(c: LedgerCase, person: string) {
  return c.ledger.identityFile(c.service, identityOf(person));
}

export function describeAdoption(store: ContractStore): void {
  describe('adoption', () => {
    test('a member goes on as the guest they were, and stays one identity', async () => {
      const c = new LedgerCase(store);
      await c.admit('guest', AT, GUEST);
      expect(await c.adopt('guest', 'member')).toEqual({ outcome: 'adopted', identity: 'guest' });
      expect(await c.admit('member', LATER)).toMatchObject({ outcome: 'known', identity: 'guest' });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, adopted: 1 });
      expect(await c.mints('2026-11')).toMatchObject([{ subject: 'guest' }, { subject: 'member' }]);
    });

    test('the guest serves nobody as itself any more, known or not', async () => {
      const c = new LedgerCase(store);
      await c.admit('guest', AT, GUEST);
      await c.adopt('guest', 'member');
      for (const at of ['2026-11-20T09:00:01Z', LATER, '2026-12-24T09:00:00Z']) {
        expect(await c.admit('guest', at, GUEST)).toMatchObject({
          outcome: 'refused',
          code: 'unauthenticated',
          reason: 'guest-adopted',
        });
      }
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, minted: 1, refused: { unauthenticated: 2 } });
      expect(await c.totals('2026-12')).toMatchObject({ all: 0, refused: { unauthenticated: 1 } });
    });

    test('asking again changes nothing', async () => {
      const c = new LedgerCase(store);
      await c.adopt('guest', 'member');
      const linked = { outcome: 'already-linked', identity: 'guest' };
      expect(await c.adopt('guest', 'member', LATER)).toEqual(linked);
      expect(await c.adopt('other-guest', 'member')).toEqual(linked);
      expect(await c.admit('other-guest', AT, GUEST)).toMatchObject({ outcome: 'new' });
      expect(await c.ledger.merges(c.service)).toEqual([]);
    });

    test('of many members who ask at once for one guest, one gets it', async () => {
      const c = new LedgerCase(store);
      await c.admit('guest', AT, GUEST);
      const members = Array.from({ length: 20 }, (_, n) => `member-${n}`);
      const answers = await Promise.all(members.map((member) => c.adopt('guest', member)));
      expect(answers.filter(({ outcome }) => outcome === 'adopted')).toHaveLength(1);
      for (const [position, answer] of answers.entries()) {
        if (answer.outcome === 'adopted') continue;
        const identity = members[position];
        expect(answer).toEqual({ outcome: 'kept-separate', identity, reason: 'guest-already-adopted' });
      }
    });

    test.each([
      ['admitted', (c: LedgerCase) => c.admit('member', AT)],
      ['known by evidence', (c: LedgerCase) => c.see('member', 'joined', AT)],
      ['admitted long ago', (c: LedgerCase) => c.admit('member', '2025-03-04T09:00:00Z')],
    ])('a member who was %s keeps their own identity, and the pair is kept once', async (_, come) => {
      const c = new LedgerCase(store);
      await come(c);
      await c.admit('guest', AT, GUEST);
      const separate = { outcome: 'kept-separate', identity: 'member', reason: 'member-has-identity' };
      expect(await c.adopt('guest', 'member', AT)).toEqual(separate);
      expect(await c.adopt('guest', 'member', LATER)).toEqual(separate);
      expect(await c.ledger.merges(c.service)).toEqual([
        { guest: 'guest', member: 'member', at: Date.parse(AT) },
      ]);
      expect(await c.admit('guest', LATER, GUEST)).toMatchObject({ outcome: 'known', identity: 'guest' });
      expect(await c.admit('member', LATER)).toMatchObject({ identity: 'member' });
    });

    test('a guest known to be one member is never handed to another', async () => {
      const c = new LedgerCase(store);
      await c.admit('first', AT);
      await c.admit('guest', AT, GUEST);
      await c.adopt('guest', 'first', AT);
      expect(await c.adopt('guest', 'second', LATER)).toEqual({
        outcome: 'kept-separate',
        identity: 'second',
        reason: 'guest-already-adopted',
      });
      expect(await c.admit('second', LATER)).toMatchObject({ outcome: 'new', identity: 'second' });
      expect(await c.ledger.merges(c.service)).toHaveLength(1);
    });

    test('an adoption in the same moment as the member’s first mint follows it', async () => {
      const c = new LedgerCase(store);
      const [first, adoption] = await Promise.all([c.admit('member', AT), c.adopt('guest', 'member')]);
      const separate = adoption.outcome === 'kept-separate';
      expect(first).toMatchObject({ outcome: 'new', identity: separate ? 'member' : 'guest' });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1 });
    });

    test('merges are read in order of recording', async () => {
      const c = new LedgerCase(store);
      for (const member of ['m1', 'm2', 'm3']) await c.admit(member, AT);
      await c.adopt('z', 'm2', '2026-11-20T09:00:01Z');
      await c.adopt('a', 'm1', '2026-11-20T09:00:02Z');
      await c.adopt('y', 'm3', '2026-11-20T09:00:03Z');
      expect((await c.ledger.merges(c.service)).map(({ guest }) => guest)).toEqual(['z', 'a', 'y']);
    });

    test.each([['guest'], ['member']])('nothing is adopted while the %s is blocked', async (blocked) => {
      const c = new LedgerCase(store);
      await c.block(blocked);
      const refused = { outcome: 'kept-separate', identity: 'member', reason: 'identity-blocked' };
      expect(await c.adopt('guest', 'member')).toEqual(refused);
      await c.block(blocked, false);
      expect(await c.adopt('guest', 'member')).toMatchObject({ outcome: 'adopted' });
    });

    test('an import takes identities over just so', async () => {
      const c = new LedgerCase(store);
      await c.link('member', 'legacy');
      await c.link('second', 'legacy');
      expect(await c.admit('legacy', AT)).toMatchObject({ reason: 'guest-adopted' });
      expect(await c.admit('member', AT)).toMatchObject({ outcome: 'new', identity: 'legacy' });
      expect(await c.admit('second', LATER)).toMatchObject({ outcome: 'known', identity: 'legacy' });
      expect(await c.adopt('legacy', 'third')).toMatchObject({ reason: 'guest-already-adopted' });
      expect(await c.adopt('guest', 'member')).toEqual({ outcome: 'already-linked', identity: 'legacy' });
      expect((await file(c, 'legacy')).servedFor).toBe('member');
    });

    test('a link to oneself takes nothing over', async () => {
      const c = new LedgerCase(store);
      await c.link('ann', 'ann');
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new', identity: 'ann' });
      expect((await file(c, 'ann')).servedFor).toBeNull();
    });

    test('whoever has a link of their own is served by it, though others are served as them', async () => {
      const c = new LedgerCase(store);
      await c.link('ann', 'bob');
      await c.link('bob', 'ann');
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new', identity: 'bob' });
      expect(await c.admit('bob', AT)).toMatchObject({ outcome: 'new', identity: 'ann' });
    });

    test('the file of an identity tells its months, links and block', async () => {
      const c = new LedgerCase(store);
      expect(await file(c, 'guest')).toEqual({ months: [], servedAs: null, servedFor: null, blocked: false });
      await c.admit('guest', '2026-10-02T09:00:00Z', { className: 'guest', tenant: 'acme' });
      await c.see('guest', 'messaged', AT);
      await c.adopt('guest', 'member');
      await c.block('guest');
      const guest = await file(c, 'guest');
      expect(guest).toMatchObject({ servedAs: null, servedFor: 'member', blocked: true });
      expect(guest.months.map(({ month }) => month)).toEqual(['2026-11', '2026-10']);
      for (const { month, record } of guest.months) expect(record).toEqual(await c.person('guest', month));
      const member = { months: [], servedAs: 'guest', servedFor: null, blocked: false };
      expect(await file(c, 'member')).toEqual(member);
    });

    test('links are told in the order asked for', async () => {
      const c = new LedgerCase(store);
      await c.link('a', 'b');
      await c.adopt('guest', 'member');
      const own = ['member', 'guest', 'nobody', 'a', 'b', 'a'].map(identityOf);
      expect(await c.ledger.linksOf(c.service, own)).toEqual(['guest', null, null, 'b', null, 'b']);
      expect(await c.ledger.linksOf(c.service, [])).toEqual([]);
    });
  });
}
