import { describe, expect, test } from '@jest/globals';
import { CONVERSATIONS_MAX, type ConversationMark, INDEX_MAX } from '../../../src/ledger/conversations.ts';
import { conversationSid, identityOf } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const [ANN, BOB] = [identityOf('ann'), identityOf('bob')];
const ROOM = conversationSid(1);
const NOON = Date.parse('2026-11-20T12:00:00Z');

function message(index: number, options: Partial<Extract<ConversationMark, { kind: 'message' }>> = {}) {
  return { kind: 'message', conversation: ROOM, index, author: null, at: NOON, ...options } as const;
}

function member(
  lastRead: number | null,
  options: Partial<Extract<ConversationMark, { kind: 'member' }>> = {},
) {
  return { kind: 'member', conversation: ROOM, identity: ANN, lastRead, at: NOON, ...options } as const;
}

function left(at: number) {
  return { kind: 'left', conversation: ROOM, identity: ANN, at } as const;
}

async function marked(store: ContractStore, ...marks: ConversationMark[]): Promise<LedgerCase> {
  const c = new LedgerCase(store);
  await c.ledger.record(c.service, [], marks);
  return c;
}

async function unreadOf(c: LedgerCase, identity = ANN) {
  return (await c.ledger.unread(c.service, identity)).conversations;
}

export function describeConversations(store: ContractStore): void {
  describe('conversations', () => {
    test('nothing waits for somebody nobody has heard of', async () => {
      const c = new LedgerCase(store);
      expect(await c.ledger.unread(c.service, ANN)).toEqual({
        conversations: [],
        incomplete: false,
        known: false,
      });
      await c.ledger.record(c.service, [], [member(null)]);
      expect(await c.ledger.unread(c.service, ANN)).toEqual({
        conversations: [],
        incomplete: false,
        known: true,
      });
      await c.ledger.record(c.service, [], []);
      expect(await c.totals('2026-11')).toMatchObject({ conversations: 0 });
    });

    test('messages above the last read index wait', async () => {
      const c = await marked(store, member(4), message(4), message(7));
      expect(await unreadOf(c)).toEqual([{ sid: ROOM, unread: 3 }]);
    });

    test('all messages wait for a member of whom nothing was read', async () => {
      const c = await marked(store, message(0), member(null));
      expect(await unreadOf(c)).toEqual([{ sid: ROOM, unread: 1 }]);
    });

    test('nothing waits for those who have read everything, or for the author', async () => {
      const c = await marked(
        store,
        member(null),
        message(0, { author: ANN }),
        member(null, { identity: BOB }),
      );
      expect(await unreadOf(c)).toEqual([]);
      expect(await unreadOf(c, BOB)).toEqual([{ sid: ROOM, unread: 1 }]);
    });

    test('an author who is no member is none, and has read it if they become one', async () => {
      const c = await marked(store, message(5, { author: ANN }), message(6));
      expect(await unreadOf(c)).toEqual([]);
      await c.ledger.record(c.service, [], [member(null)]);
      expect(await unreadOf(c)).toEqual([{ sid: ROOM, unread: 1 }]);
    });

    test('of two marks about a membership the later holds, at one instant the end', async () => {
      const c = await marked(store, message(0), left(NOON + 5), member(null, { at: NOON }));
      expect(await unreadOf(c)).toEqual([]);
      await c.ledger.record(c.service, [], [member(null, { at: NOON + 5 })]);
      expect(await unreadOf(c)).toEqual([]);
      await c.ledger.record(c.service, [], [member(null, { at: NOON + 6 })]);
      expect(await unreadOf(c)).toHaveLength(1);
    });

    test('a conversation that was removed waits for nobody, whatever comes later', async () => {
      const c = await marked(
        store,
        member(null),
        { kind: 'removed', conversation: ROOM, at: NOON },
        message(3),
      );
      expect(await unreadOf(c)).toEqual([]);
      expect(await c.totals('2026-11')).toMatchObject({ conversations: 1 });
    });

    test('a conversation counts once in every month with a message', async () => {
      const c = await marked(
        store,
        ...[message(0), message(1), message(2, { at: Date.parse('2026-12-01T00:00:00Z') })],
        ...[
          message(3, { conversation: conversationSid(2) }),
          member(null, { conversation: conversationSid(3) }),
        ],
        message(0, { at: Date.parse('2026-11-30T23:59:59.999Z') }),
      );
      expect(await c.totals('2026-11')).toMatchObject({ conversations: 2, all: 0 });
      expect(await c.totals('2026-12')).toMatchObject({ conversations: 1 });
      expect(await c.totals('2026-10')).toMatchObject({ conversations: 0 });
      expect(await c.ledger.months(c.service)).toEqual([]);
    });

    test('conversations come in the order of their SIDs, many at once, services apart', async () => {
      const sids = Array.from({ length: 150 }, (_, n) => conversationSid(n * 7919));
      const marks = sids.flatMap((conversation, n) => [
        member(null, { conversation }),
        message(n, { conversation }),
      ]);
      const c = await marked(store, ...marks);
      expect(await unreadOf(c)).toEqual(
        sids.map((sid, n) => ({ sid, unread: n + 1 })).sort((a, b) => (a.sid < b.sid ? -1 : 1)),
      );
      expect(await unreadOf(new LedgerCase(store))).toEqual([]);
    });

    test('an index beyond all measure is taken as the highest that is kept', async () => {
      const c = await marked(store, member(INDEX_MAX - 2), message(Number.MAX_SAFE_INTEGER));
      expect(await unreadOf(c)).toEqual([{ sid: ROOM, unread: 2 }]);
    });

    test('beyond the bound the one that changed longest ago is forgotten, and said so', async () => {
      const sids = Array.from({ length: CONVERSATIONS_MAX + 1 }, (_, n) => conversationSid(n));
      const marks = sids.flatMap((conversation, n) => [
        message(0, { conversation }),
        member(null, { conversation, at: NOON + n * 1000 }),
      ]);
      const c = await marked(store, ...marks.slice(0, -2));
      expect((await c.ledger.unread(c.service, ANN)).incomplete).toBe(false);
      // The first has just been read, so the second is the oldest.
      await c.ledger.record(c.service, [], [member(null, { conversation: sids[0]!, at: NOON + 900_000 })]);
      await c.ledger.record(c.service, [], marks.slice(-2));
      const { conversations, incomplete } = await c.ledger.unread(c.service, ANN);
      expect(incomplete).toBe(true);
      expect(conversations.map(({ sid }) => sid)).toEqual(sids.filter((sid) => sid !== sids[1]).sort());
    });

    test('however many somebody has left, those that they are in are remembered', async () => {
      const sids = Array.from({ length: CONVERSATIONS_MAX + 100 }, (_, n) => conversationSid(n + 1_000));
      const c = await marked(store, member(null, { at: NOON - 1_000 }), message(2));
      const come = sids.map((conversation, n) => member(null, { conversation, at: NOON + n * 2_000 }));
      const gone = sids.map((conversation, n) => ({ ...left(NOON + n * 2_000 + 1_000), conversation }));
      for (const [n, mark] of come.entries()) await c.ledger.record(c.service, [], [mark, gone[n]!]);
      const { conversations, incomplete } = await c.ledger.unread(c.service, ANN);
      expect(conversations).toEqual([{ sid: ROOM, unread: 3 }]);
      expect(incomplete).toBe(false);
    });

    test('an ended membership that is forgotten leaves nothing out', async () => {
      const sids = Array.from({ length: CONVERSATIONS_MAX + 1 }, (_, n) => conversationSid(n));
      const marks = sids.map(
        (conversation, n): ConversationMark =>
          n === 0 ? { ...left(NOON - 1000), conversation } : member(null, { conversation }),
      );
      const c = await marked(store, ...marks);
      expect((await c.ledger.unread(c.service, ANN)).incomplete).toBe(false);
    });

    test('an erased person has none, and the others keep theirs', async () => {
      const c = await marked(store, member(null), member(null, { identity: BOB }), message(0));
      await c.erase('ann', 'x-1');
      expect(await unreadOf(c)).toEqual([]);
      expect(await unreadOf(c, identityOf('x-1'))).toEqual([]);
      expect(await unreadOf(c, BOB)).toHaveLength(1);
      expect(await c.totals('2026-11')).toMatchObject({ conversations: 1 });
    });
  });
}
