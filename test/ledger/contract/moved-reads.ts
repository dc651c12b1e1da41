import { describe, expect, test } from '@jest/globals';
import { bitOf } from '../../../src/domain/signal.ts';
import { conversationSid, identityOf, seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';
import { everyoneIn, memberMark, ownUpdate, tell, together, updateByOther } from './participant-updates.ts';

/** When somebody first read in a month, or null. */
async function readIn(c: LedgerCase, month: string, person = 'ann'): Promise<string | null> {
  const record = await c.person(person, month);
  const found = record?.signals.find(({ signal }) => signal === 'read');
  return found === undefined ? null : new Date(found.firstAt * 1000).toISOString();
}

const [OCTOBER, NOVEMBER, LATER] = ['2026-10-20T09:00:00Z', '2026-11-20T09:00:00Z', '2026-11-21T10:00:00Z'];
const [AT_NOVEMBER, AT_LATER] = ['2026-11-20T09:00:00.000Z', '2026-11-21T10:00:00.000Z'];

export function describeMovedReads(store: ContractStore): void {
  describe('reads that name how far', () => {
    test('an index that moved counts, also in the month after', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(4, OCTOBER), ownUpdate(5, NOVEMBER));
      expect(await readIn(c, '2026-10')).toBe('2026-10-20T09:00:00.000Z');
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
    });

    test('the same index again in a later month is none, and what else the event proves stands', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(4, OCTOBER), ownUpdate(4, NOVEMBER), ownUpdate(4, LATER));
      expect(await c.person('ann', '2026-11')).toMatchObject({
        mask: bitOf('connected') | bitOf('returning') | bitOf('again'),
        signals: [{ signal: 'connected', firstAt: seconds(NOVEMBER), source: 'webhook' }],
        ...{ firstSeen: seconds(NOVEMBER), lastSeen: seconds(LATER) },
      });
      await tell(c, ownUpdate(5, '2026-11-22T09:00:00Z'));
      expect(await readIn(c, '2026-11')).toBe('2026-11-22T09:00:00.000Z');
    });

    test('an index below the known one is none', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(4, OCTOBER), ownUpdate(3, NOVEMBER), ownUpdate(0, LATER));
      expect(await readIn(c, '2026-11')).toBeNull();
    });

    test('an update that proves nothing besides counts nobody', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(4, OCTOBER), ownUpdate(4, NOVEMBER, { named: false }));
      expect(await c.totals('2026-11')).toMatchObject({ all: 0 });
      expect(await c.ledger.months(c.service)).toEqual(['2026-10']);
      await tell(c, ownUpdate(5, LATER, { named: false }));
      expect(await c.person('ann', '2026-11')).toMatchObject({
        mask: bitOf('read') | bitOf('returning'),
        ...{ firstSeen: seconds(LATER), lastSeen: seconds(LATER) },
      });
      expect(await c.day('2026-11-21')).toMatchObject({ newByClass: { unknown: 1 } });
    });

    test('whoever joined with an index has not read by an update of something else', async () => {
      const c = new LedgerCase(store);
      await tell(c, updateByOther(4, NOVEMBER), ownUpdate(4, LATER));
      expect(await readIn(c, '2026-11')).toBeNull();
      await tell(c, ownUpdate(5, LATER));
      expect(await readIn(c, '2026-11')).toBe(AT_LATER);
    });

    test('what others tell of the index proves nothing, and is known from then on', async () => {
      const c = new LedgerCase(store);
      await tell(c, updateByOther(4, NOVEMBER));
      expect(await c.people('2026-11')).toEqual([]);
      await tell(c, ownUpdate(4, LATER), ownUpdate(3, LATER));
      expect(await readIn(c, '2026-11')).toBeNull();
      // Told late, but of before: it was the reader who moved it, and somebody else who told it after them.
      await tell(c, ownUpdate(4, '2026-11-19T09:00:00Z'));
      expect(await readIn(c, '2026-11')).toBe('2026-11-19T09:00:00.000Z');
    });

    test('an update from before all that others told counts, however late it comes', async () => {
      const c = new LedgerCase(store);
      await tell(c, updateByOther(3, NOVEMBER), updateByOther(5, LATER));
      await tell(c, ownUpdate(3, '2026-11-20T08:00:00Z', { named: false }));
      expect(await readIn(c, '2026-11')).toBe('2026-11-20T08:00:00.000Z');
    });

    test('an update between two of others counts above the lower one', async () => {
      const c = new LedgerCase(store);
      await tell(c, updateByOther(5, LATER), updateByOther(3, NOVEMBER));
      await tell(c, ownUpdate(3, '2026-11-20T10:00:00Z'));
      expect(await readIn(c, '2026-11')).toBeNull();
      await tell(c, ownUpdate(4, '2026-11-20T11:00:00Z'), ownUpdate(5, '2026-11-22T09:00:00Z'));
      expect(await readIn(c, '2026-11')).toBe('2026-11-20T11:00:00.000Z');
    });

    test('what others tell comes to the same together and one by one', async () => {
      const updates = [
        ...[updateByOther(4, NOVEMBER), updateByOther(2, LATER), updateByOther(4, '2026-11-22T09:00:00Z')],
        ...[updateByOther(1, '2026-11-19T09:00:00Z'), updateByOther(3, '2026-11-23T09:00:00Z')],
      ];
      const late = ownUpdate(2, '2026-11-18T09:00:00Z', { named: false });
      const [oneByOne, atOnce] = [new LedgerCase(store), new LedgerCase(store)];
      await tell(oneByOne, ...updates, late);
      await atOnce.ledger.record(atOnce.service, ...together(updates));
      await tell(atOnce, late);
      expect(await readIn(oneByOne, '2026-11')).toBe('2026-11-18T09:00:00.000Z');
      expect(await everyoneIn(atOnce)).toEqual(await everyoneIn(oneByOne));
    });

    test('of the same instant neither is the earlier', async () => {
      const c = new LedgerCase(store);
      await tell(c, updateByOther(4, NOVEMBER), ownUpdate(4, NOVEMBER));
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
    });

    test('own messages hide no move', async () => {
      const c = new LedgerCase(store);
      const [conversation, author] = [conversationSid(1), identityOf('ann')];
      const at = Date.parse(OCTOBER);
      await tell(c, ownUpdate(4, OCTOBER));
      await c.ledger.record(c.service, [], [{ kind: 'message', conversation, index: 9, author, at }]);
      await tell(c, ownUpdate(9, NOVEMBER));
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
      await c.ledger.record(c.service, [], [{ kind: 'message', conversation, index: 10, author: null, at }]);
      const { conversations } = await c.ledger.unread(c.service, author);
      expect(conversations).toEqual([{ sid: conversation, unread: 1 }]);
    });

    test('neither a message nor a mark without an index makes what is known forgotten', async () => {
      const c = new LedgerCase(store);
      const [conversation, identity] = [conversationSid(1), identityOf('ann')];
      await tell(c, updateByOther(4, OCTOBER));
      const later = Date.parse('2026-10-21T09:00:00Z');
      await c.ledger.record(
        c.service,
        [],
        [
          memberMark(null, '2026-10-21T09:00:00Z', {}),
          { kind: 'message', conversation, index: 7, author: identity, at: later },
          { kind: 'left', conversation, identity, at: later + 1 },
        ],
      );
      await tell(c, ownUpdate(4, NOVEMBER));
      expect(await readIn(c, '2026-11')).toBeNull();
    });

    test('members and conversations are apart', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(4, OCTOBER), ownUpdate(4, NOVEMBER, { person: 'bob' }));
      expect(await readIn(c, '2026-11', 'bob')).toBe(AT_NOVEMBER);
      await tell(c, ownUpdate(4, NOVEMBER, { room: 2 }));
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
    });

    test('a repeat changes nothing, however much was told in between', async () => {
      const c = new LedgerCase(store);
      const updates = [
        ...[updateByOther(2, OCTOBER), ownUpdate(3, OCTOBER), ownUpdate(3, NOVEMBER)],
        ...[updateByOther(4, NOVEMBER), ownUpdate(4, LATER), updateByOther(6, LATER)],
        ...[ownUpdate(7, '2026-11-23T09:00:00Z'), ownUpdate(8, '2026-12-01T09:00:00Z')],
      ];
      await tell(c, ...updates);
      const once = await everyoneIn(c);
      expect(await readIn(c, '2026-11')).toBe('2026-11-23T09:00:00.000Z');
      await tell(c, ...updates, ...updates.reverse());
      expect(await everyoneIn(c)).toEqual(once);
    });

    test('an attempt that failed half way loses nothing: what was told is not taken for known before', async () => {
      const c = new LedgerCase(store);
      const update = ownUpdate(4, NOVEMBER);
      await c.ledger.record(c.service, [], update.marks);
      await tell(c, update);
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
    });

    test('what comes together is weighed by its instants', async () => {
      const c = new LedgerCase(store);
      const updates = [
        ...[ownUpdate(4, '2026-12-02T09:00:00Z'), ownUpdate(4, LATER), ownUpdate(3, NOVEMBER)],
        ...[updateByOther(4, '2026-12-01T09:00:00Z'), ownUpdate(5, '2026-12-03T09:00:00Z')],
        ...[updateByOther(7, OCTOBER, { room: 2 }), ownUpdate(7, OCTOBER.replace('09', '10'), { room: 2 })],
      ];
      await c.ledger.record(c.service, ...together(updates));
      expect(await readIn(c, '2026-10')).toBeNull();
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
      expect(await readIn(c, '2026-12')).toBe('2026-12-03T09:00:00.000Z');
    });

    test('somebody who takes a whole call of the store is weighed before their marks', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(6, '2026-12-03T09:00:00Z'), ownUpdate(5, NOVEMBER, { named: false }));
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
      expect(await c.person('ann', '2026-12')).toMatchObject({
        mask: bitOf('read') | bitOf('connected') | bitOf('returning'),
      });
    });

    test('evidence that names no index is taken as it is', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(4, OCTOBER), ownUpdate(4, LATER));
      await c.see('ann', 'read', NOVEMBER, { source: 'backfill' });
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
    });

    test('an erasure forgets how far somebody had read', async () => {
      const c = new LedgerCase(store);
      await tell(c, ownUpdate(4, OCTOBER));
      await c.erase('ann', 'x-1');
      await tell(c, ownUpdate(4, NOVEMBER));
      expect(await readIn(c, '2026-11')).toBe(AT_NOVEMBER);
    });
  });
}
