import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { explainSilence } from '../../../src/ledger/redis/connection/explain-silence.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
  await redis.acl('SETUSER', 'gateway', 'on', '>pw', '~*', '&*', '+@all', '-select');
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const urlOf = (database: number) => `redis://gateway:pw@127.0.0.1:${server.port}/${database}`;

test('a ledger whose database cannot be selected is away, and counts into no other', async () => {
  const opening = openTestRedisLedger({ kind: 'single', url: urlOf(3) });
  const isOpen = await Promise.race([opening.then(() => true), sleep(700).then(() => false)]);
  expect(isOpen).toBe(false);

  await redis.acl('SETUSER', 'gateway', '+select');
  const ledger = await opening;
  expect(await new LedgerCase({ ledger }).admit('ann', AT)).toMatchObject({ outcome: 'new' });
  expect(await redis.info('keyspace')).toMatch(/^db3:/m);
  expect(await redis.dbsize()).toBe(0);
  await ledger.close();
});

test('why it is silent is said in the words of the server', async () => {
  const why = await explainSilence({
    connection: { kind: 'single', url: urlOf(99) },
    ...{ username: null, password: null, tls: false, deadlineMs: 250 },
  });
  expect(why).toMatch(/DB index is out of range/);
});
