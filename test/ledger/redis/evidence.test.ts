// Only the ledger on Redis remembers whom it recorded, and forgets conversations many at a time.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { bitOf } from '../../../src/domain/signal.ts';
import { CONVERSATIONS_MAX, type ConversationMark } from '../../../src/ledger/conversations.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { conversationSid, identityOf } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

const NOON = '2026-11-20T12:00:00Z';

let server: RedisServer;
let ledger: Ledger;
let admin: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  ledger = await openTestRedisLedger({ kind: 'single', url: server.url });
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await ledger.close();
  await server.stop();
});

test('somebody who is gone although they were recorded is a newcomer again, returning as they were', async () => {
  const c = new LedgerCase({ ledger });
  await c.see('ann', 'messaged', '2026-10-20T12:00:00Z');
  await c.see('ann', 'joined', NOON);
  await c.see('ann', 'connected', NOON);
  await c.erase('ann', 'x-1');
  await c.see('ann', 'read', NOON);
  expect((await c.person('x-1', '2026-11'))?.signals.map(({ signal }) => signal)).toEqual([
    ...['connected', 'joined'],
  ]);
  expect(await c.person('ann', '2026-11')).toMatchObject({ signals: [{ signal: 'read' }] });
  expect(await c.totals('2026-11')).toMatchObject({ all: 2 });
});

test('who was told of with others is recorded although some of the others take a whole call', async () => {
  const c = new LedgerCase({ ledger });
  await c.see('bob', 'messaged', '2026-12-02T12:00:00Z');
  await c.see('ann', 'joined', NOON);
  const at = Date.parse(NOON);
  const told = ['ann', 'bob', 'cid'].map((person) => ({
    ...{ identity: identityOf(person), signal: 'read', at, source: 'webhook', className: 'unknown' },
  }));
  const mark: ConversationMark = {
    ...{ kind: 'message', conversation: conversationSid(1), index: 0, author: null, at },
  };
  await ledger.record(c.service, told as never, [mark]);
  const people = await c.people('2026-11');
  expect(people.map(({ identity }) => identity).sort()).toEqual(['ann', 'bob', 'cid']);
  expect(await c.person('bob', '2026-12')).toMatchObject({
    mask: bitOf('messaged') + bitOf('returning'),
  });
  expect(await c.totals('2026-11')).toMatchObject({ all: 3, conversations: 1 });
});

test('of very many conversations the newest are seen, and not many more are kept', async () => {
  const c = new LedgerCase({ ledger });
  const count = 3 * CONVERSATIONS_MAX;
  const at = Date.parse(NOON);
  const marks = Array.from({ length: count }, (_, n): ConversationMark[] => [
    { kind: 'message', conversation: conversationSid(n), index: 0, author: null, at },
    {
      ...{ kind: 'member', conversation: conversationSid(n), identity: identityOf('ann') },
      ...{ lastRead: null, at: at + n * 1000 },
    },
  ]);
  for (const [n, some] of marks.entries()) {
    await ledger.record(c.service, [], some);
    if (n !== 219) continue;
    const { conversations, incomplete } = await ledger.unread(c.service, identityOf('ann'));
    expect(conversations.map(({ sid }) => sid)).toEqual(
      Array.from({ length: CONVERSATIONS_MAX }, (_, one) => conversationSid(one + 20)),
    );
    expect(incomplete).toBe(true);
  }
  const kept = await admin.hlen(`mg:{${c.service}}:member:ann`);
  expect(kept).toBeLessThanOrEqual(CONVERSATIONS_MAX + 60);
  const { conversations, incomplete } = await ledger.unread(c.service, identityOf('ann'));
  expect(conversations[0]?.sid).toBe(conversationSid(count - CONVERSATIONS_MAX));
  expect(conversations).toHaveLength(CONVERSATIONS_MAX);
  expect(incomplete).toBe(true);
});
