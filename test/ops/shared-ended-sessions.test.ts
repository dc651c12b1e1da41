import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createEndedSessions } from '../../src/ops/ended-sessions.ts';
import { createSharedEndedSessions, type SessionStore } from '../../src/ops/shared-ended-sessions.ts';
import { settableClock } from '../support/clock.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';

const NOW = Date.parse('2026-11-20T21:00:00Z');
const LATER = NOW + 60_000;

let server: RedisServer;
let client: Redis;
beforeAll(async () => {
  server = await startRedisServer();
  client = new Redis(server.url, { enableOfflineQueue: false, lazyConnect: true, maxRetriesPerRequest: 0 });
  client.on('error', () => {});
  await client.connect();
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});

function gateway(store: SessionStore = client as unknown as SessionStore) {
  const clock = settableClock(NOW);
  return createSharedEndedSessions({ store, keyPrefix: 'mg', own: createEndedSessions(clock), clock });
}

const session = { id: 'one', name: 'ann', beganAtMs: NOW };

describe('sessions that ended', () => {
  it('on one gateway are over on the others', async () => {
    const [here, there] = [gateway(), gateway()];
    await here.endOne({ id: 'one', name: 'ann' }, LATER);
    expect(await there.hasEnded(session)).toBe(true);
    expect(await there.hasEnded({ ...session, id: 'two' })).toBe(false);
    await here.endBefore('ann', NOW, LATER);
    expect(await there.hasEnded({ ...session, id: 'two' })).toBe(true);
    expect(await there.hasEnded({ ...session, id: 'two', beganAtMs: NOW + 1 })).toBe(false);
    expect(await there.hasEnded({ ...session, id: 'two', name: 'bob' })).toBe(false);
    await here.endBefore(null, NOW, LATER);
    expect(await there.hasEnded({ ...session, id: 'two', name: 'bob' })).toBe(true);
  });

  it('are forgotten when they would be over anyway', async () => {
    await gateway().endOne({ id: 'short', name: 'ann' }, NOW + 5_000);
    const [key] = await client.keys('*id:short');
    expect(await client.pttl(String(key))).toBeLessThanOrEqual(5_000);
    await gateway().endOne({ id: 'past', name: 'ann' }, NOW - 1);
    expect(await client.keys('*id:past')).toEqual([]);
  });

  it('hold no names', async () => {
    await gateway().endBefore('somebody@example.com', NOW, LATER);
    expect((await client.keys('*')).join(' ')).not.toContain('somebody');
  });

  it('are known here also while Redis is away, and whoever ended one is told that others are not', async () => {
    const gone = {
      set: () => Promise.reject(new Error('gone')),
      mget: () => Promise.reject(new Error('gone')),
    };
    const here = gateway(gone);
    expect(await here.hasEnded(session)).toBe(false);
    await expect(here.endOne({ id: 'one', name: 'ann' }, LATER)).rejects.toMatchObject({
      code: 'ledger-unavailable',
    });
    expect(await here.hasEnded(session)).toBe(true);
  });
});
