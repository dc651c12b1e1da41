import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Limiter } from '../../src/domain/limiter.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { connectLimits, type LimitConnection } from '../../src/ledger/redis/connection/connect-limits.ts';
import { createSharedLimiter } from '../../src/limits/shared-limiter.ts';
import { askRedis, untilYes } from '../support/ask-redis.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { freePort } from '../support/free-port.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';

type Connection = Parameters<typeof connectLimits>[0]['connection'];

const LIMIT = 5;
/** Far above what is promised: test machines are busy. */
const PATIENCE_MS = 2_000;

let server: RedisServer;
let opened: LimitConnection[];
let clock: SettableClock;
/** Takes for which Redis did not answer in time. */
let takenAlone: number;

beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

beforeEach(() => {
  opened = [];
  clock = settableClock(1_000_000);
  takenAlone = 0;
});
afterEach(() => {
  for (const { close } of opened) close();
});

const single = (): Connection => ({ kind: 'single', url: server.url });

/** One gateway's limiter, on a connection of its own that is ready. */
async function gateway(
  name: string,
  connection: Connection = single(),
  windowSeconds = 60,
): Promise<Limiter> {
  const options = { connection, username: null, password: null, tls: false, deadlineMs: 250 };
  const limits = connectLimits(options);
  opened.push(limits);
  const client = limits.client as { status: string; once(event: string, then: () => void): void };
  if (client.status !== 'ready') await new Promise<void>((resolve) => client.once('ready', resolve));
  return limiterOn(limits, name, windowSeconds);
}

function limiterOn({ client }: LimitConnection, name: string, windowSeconds = 60): Limiter {
  const own = createRateLimiter({ perMinute: LIMIT, clock });
  const fallback: Limiter = {
    take(key) {
      takenAlone += 1;
      return own.take(key);
    },
  };
  return createSharedLimiter({ client, keyPrefix: 'mg', name, limit: LIMIT, windowSeconds, fallback, clock });
}

async function allowedOf(limiters: Limiter[], key: string, takes: number): Promise<number> {
  const verdicts = await Promise.all(
    Array.from({ length: takes }, (_, take) => limiters[take % limiters.length]!.take(key)),
  );
  return verdicts.filter(({ allowed }) => allowed).length;
}

/** What is found with a new key, once Redis has answered every take in time: its deadline is a tenth of a second, and machines are busy. */
async function inTime<Found>(key: string, find: (key: string) => Promise<Found>): Promise<Found> {
  for (let attempt = 0; attempt < 20; attempt++) {
    takenAlone = 0;
    const found = await find(`${key} ${attempt}`);
    if (takenAlone === 0) return found;
    // It is left alone for a second.
    clock.advance(1_001);
  }
  throw new Error('Redis never answered in time');
}

function sharedOf(limiters: Limiter[], key: string, takes: number): Promise<number> {
  return inTime(key, (fresh) => allowedOf(limiters, fresh, takes));
}

describe('two gateways', () => {
  test('share the places of a key, exactly, and keys do not share', async () => {
    const both = [await gateway('shared'), await gateway('shared')];
    expect(await sharedOf(both, '203.0.113.0/24', 40)).toBe(LIMIT);
    expect(await sharedOf(both, '2001:db8:1::/48', 40)).toBe(LIMIT);
  });

  test('limits of different names do not share', async () => {
    expect(await sharedOf([await gateway('one')], 'key', 10)).toBe(LIMIT);
    expect(await sharedOf([await gateway('two')], 'key', 10)).toBe(LIMIT);
  });

  test('on a cluster', async () => {
    const cluster: RedisCluster = await startRedisCluster();
    try {
      const connection: Connection = { kind: 'cluster', nodes: cluster.nodes };
      const both = [await gateway('shared', connection), await gateway('shared', connection)];
      for (const key of ['a', 'b', 'c', '{d}', '203.0.113.0/24']) {
        expect([key, await sharedOf(both, key, 20)]).toEqual([key, LIMIT]);
      }
    } finally {
      for (const { close } of opened.splice(0)) close();
      await cluster.stop();
    }
  });
});

test('a refusal says when to come back, and the next ones cost no Redis call', async () => {
  const limiter = await gateway('told', single(), 3600);
  const { key, refusal } = await inTime('key', async (fresh) => {
    await allowedOf([limiter], fresh, LIMIT);
    return { key: fresh, refusal: await limiter.take(fresh) };
  });
  expect(refusal).toEqual({ allowed: false, limit: LIMIT, windowSeconds: 3600, retryAfterSeconds: 3600 });

  clock.advance(600_000);
  // A take that asks Redis is a promise.
  expect(limiter.take(key)).toEqual({ ...refusal, retryAfterSeconds: 3000 });
});

test('a window that is over in Redis gives new places', async () => {
  const limiter = await gateway('short', single(), 1);
  const allowed = await inTime('key', async (key) => {
    const first = await allowedOf([limiter], key, 10);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    clock.advance(1_200);
    return [first, await allowedOf([limiter], key, 10)];
  });
  expect(allowed).toEqual([LIMIT, LIMIT]);
});

describe('without Redis', () => {
  test('each gateway counts for itself from the first request on, at once', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    const options = { username: null, password: null, tls: false, deadlineMs: 250 };
    const limits = connectLimits({ ...options, connection: { kind: 'single', url } });
    opened.push(limits);
    const limiter = limiterOn(limits, 'away');
    const startedAt = performance.now();
    expect(await allowedOf([limiter], 'key', 1_000)).toBe(LIMIT);
    expect(performance.now() - startedAt).toBeLessThan(PATIENCE_MS);
  });

  test('a silent one holds up one request in a second, for a tenth of one', async () => {
    const own = await startRedisServer();
    try {
      const limiter = await gateway('silent', { kind: 'single', url: own.url });
      const key = await inTime('key', async (fresh) => {
        expect((await limiter.take(fresh)).allowed).toBe(true);
        return fresh;
      });
      own.pause();
      const startedAt = performance.now();
      const first = await limiter.take(key);
      const waitedMs = performance.now() - startedAt;
      expect(first.allowed).toBe(true);
      expect(waitedMs).toBeGreaterThan(50);
      expect(waitedMs).toBeLessThan(PATIENCE_MS);

      const restStartedAt = performance.now();
      for (let take = 0; take < 100; take += 1) await limiter.take(`other ${take}`);
      // A tenth of a second each would be ten.
      expect(performance.now() - restStartedAt).toBeLessThan(PATIENCE_MS);

      own.resume();
      clock.advance(1_001);
      // Redis remembers: one place was taken there before, and the one it was silent about arrived late.
      const counted = () => askRedis(own.port, (client) => client.get(`mg:limit:silent:${key}`));
      await untilYes('both are counted', async () => (await counted()) === '2');
      const allowed = await inTime('', () => allowedOf([limiter], key, 10));
      expect(allowed).toBeLessThanOrEqual(LIMIT - 2);
    } finally {
      own.resume();
      await own.stop();
    }
  });
});

test('keys expire, so that addresses are not kept', async () => {
  const limiter = await gateway('kept', single(), 3600);
  const kept = await inTime('203.0.113.0/24', async (key) => {
    await limiter.take(key);
    return `mg:limit:kept:${key}`;
  });
  const [keys, ttl] = await askRedis(server.port, async (client) => [
    await client.keys('mg:limit:kept:*'),
    await client.ttl(kept),
  ]);
  expect(keys).toContain(kept);
  expect(ttl).toBeGreaterThan(3_590);
});
