// Only the ledger on Redis packs what is known of conversations.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthOf } from '../../../../src/domain/month.ts';
import { type ConversationMark, INDEX_MAX } from '../../../../src/ledger/conversations.ts';
import { LedgerCase } from '../../contract/ledger-case.ts';
import { identities, numberUpTo, RUNS, U32_MAX, usePackingStore } from './packing-kit.ts';

const store = usePackingStore();

/** With bytes of every kind in them, also those that end a text elsewhere. */
const conversations = fc
  .oneof(
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc.constantFrom(...[0, 0x0a, 0x21, 0xff].map((byte) => new Uint8Array(16).fill(byte))),
  )
  .map((bytes) => `CH${Buffer.from(bytes).toString('hex')}`);

/** As far as a second fits into four bytes. */
const instants = fc.oneof(
  fc.constantFrom(0, 1, 999, 1_000, U32_MAX * 1_000 + 999, Date.parse('2026-11-30T23:59:59.999Z')),
  numberUpTo(U32_MAX).map((second) => second * 1_000),
);

test('of a member who has read so far, what is left is told', async () => {
  const cases = fc.record({
    ...{ identity: identities, conversation: conversations, at: instants },
    ...{ latest: numberUpTo(INDEX_MAX), read: fc.option(numberUpTo(INDEX_MAX)) },
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ identity, conversation, at, latest, read }) => {
      const c = new LedgerCase(store);
      const marks: ConversationMark[] = [
        { kind: 'member', conversation, identity, lastRead: read, at },
        { kind: 'message', conversation, index: latest, author: null, at },
      ];
      await c.ledger.record(c.service, [], marks);
      const unread = latest + 1 - (read === null ? 0 : read + 1);
      expect(await c.ledger.unread(c.service, identity)).toEqual({
        conversations: unread > 0 ? [{ sid: conversation, unread }] : [],
        ...{ incomplete: false, known: true },
      });
      expect(await c.totals(monthOf(at))).toMatchObject({ conversations: 1 });
    }),
    RUNS,
  );
});

test('of two marks about a membership the later holds, to the millisecond, and indexes only rise', async () => {
  const cases = fc.record({
    ...{ identity: identities, conversation: conversations, joinedAt: instants, leftAt: instants },
    indexes: fc.tuple(numberUpTo(INDEX_MAX), numberUpTo(INDEX_MAX)),
    isTogether: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ identity, conversation, joinedAt, leftAt, indexes, isTogether }) => {
      const c = new LedgerCase(store);
      const marks: ConversationMark[] = [
        ...indexes.map(
          (index) => ({ kind: 'message', conversation, index, author: null, at: joinedAt }) as const,
        ),
        { kind: 'left', conversation, identity, at: leftAt },
        { kind: 'member', conversation, identity, lastRead: null, at: joinedAt },
      ];
      const calls = isTogether ? [marks] : marks.map((mark) => [mark]);
      for (const call of calls) await c.ledger.record(c.service, [], call);
      const isMember = joinedAt > leftAt;
      expect((await c.ledger.unread(c.service, identity)).conversations).toEqual(
        isMember ? [{ sid: conversation, unread: Math.max(...indexes) + 1 }] : [],
      );
    }),
    RUNS,
  );
});

test('an index beyond the highest is taken as the highest', async () => {
  const c = new LedgerCase(store);
  const [conversation, identity] = [`CH${'0a'.repeat(16)}`, 'ann' as never];
  const at = Date.parse('2026-11-20T09:00:00Z');
  await c.ledger.record(
    c.service,
    [],
    [
      { kind: 'message', conversation, index: Number.MAX_SAFE_INTEGER, author: null, at },
      { kind: 'member', conversation, identity, lastRead: null, at },
    ],
  );
  expect(await c.ledger.unread(c.service, identity)).toMatchObject({
    conversations: [{ sid: conversation, unread: INDEX_MAX + 1 }],
  });
});

test('an instant that the form has no room for is refused, and nothing of it is written', async () => {
  const c = new LedgerCase(store);
  const conversation = `CH${'0b'.repeat(16)}`;
  for (const at of [(U32_MAX + 1) * 1_000, Date.parse('9998-12-31T23:59:59Z')]) {
    const mark: ConversationMark = {
      kind: 'member',
      conversation,
      identity: 'ann' as never,
      lastRead: 1,
      at,
    };
    await expect(c.ledger.record(c.service, [], [mark])).rejects.toThrow(/out of range/);
  }
  expect(await c.ledger.unread(c.service, 'ann' as never)).toMatchObject({ known: false });
});
