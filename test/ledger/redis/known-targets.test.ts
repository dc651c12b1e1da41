import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

// Not in the contract: what a version before this one left. The embedded ledger's stands with its schema.

const AT = '2026-11-20T09:00:00Z';

let server: RedisServer;
let redis: Redis;
let c: LedgerCase;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
  c = new LedgerCase({ ledger: await openTestRedisLedger({ kind: 'single', url: server.url }) });
});
afterAll(async () => {
  redis.disconnect();
  await c.ledger.close();
  await server.stop();
});

test('a target that was offered alerts by a version that did not note when it was named is a known one', async () => {
  const take = { targets: ['slack'], now: Date.parse(AT), leaseMs: 1_000, max: 9 };
  const taken = async () =>
    (await c.ledger.takeDeliveries(c.service, take)).map(
      ({ alert, precedesTarget }) => `${alert.threshold} ${precedesTarget}`,
    );
  await c.budget('2026-11', { scopes: { all: 100 }, thresholds: [1, 2] });
  await c.admit('ann', AT);
  expect(await taken()).toEqual(['1 true']);
  expect(await redis.hdel(`mg:{${c.service}}:deliveries`, 'first slack')).toBe(1);
  await c.admit('bob', AT);
  expect(await taken()).toEqual(['2 false']);
});
