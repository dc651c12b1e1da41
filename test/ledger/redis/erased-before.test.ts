import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askRedis } from '../../support/ask-redis.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { seconds } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

// Not in the contract: the embedded ledger renames rows, and has nothing to remember.

const ERASED_AT = '2026-11-20T12:00:00Z';

let server: RedisServer;
let c: LedgerCase;

beforeAll(async () => {
  server = await startRedisServer();
  c = new LedgerCase({ ledger: await openTestRedisLedger({ kind: 'single', url: server.url }) });
});
afterAll(async () => {
  await c.ledger.close();
  await server.stop();
});

const key = () => `mg:{${c.service}}:erased`;

test('an erasure that an earlier version wrote down without ordinals is read by the clock', async () => {
  await c.admit('ann', '2026-11-20T11:00:00Z');
  await c.admit('ann', '2026-11-20T12:00:59Z', { policyMark: 2 });
  await c.admit('ann', '2026-11-20T12:01:01Z', { policyMark: 3 });
  const text = `x-1 ${seconds(ERASED_AT)}`;
  await askRedis(server.port, (client) => client.hset(key(), 'ann', text));
  expect((await c.mints('2026-11')).map(({ identity }) => identity)).toEqual(['x-1', 'x-1', 'ann']);
});

test('an erasure names the highest ordinal of each month, and a month of later rows stays by name', async () => {
  await c.admit('bob', '2026-10-05T10:00:00Z');
  await c.erase('bob', 'x-2', ERASED_AT);
  const text = await askRedis(server.port, (client) => client.hget(key(), 'bob'));
  expect(text?.split(' ').sort()).toEqual([`${seconds(ERASED_AT)}`, '2026-10:1', '2026-11:3', 'x-2'].sort());
});

test('rows of a month that was away when its people were erased are theirs no more', async () => {
  await c.erase('cleo', 'x-3', ERASED_AT);
  // As rows come back out of an archive that has not forgotten them yet.
  await c.admit('cleo', '2026-09-05T10:00:00Z');
  expect(await c.mints('2026-09')).toMatchObject([{ identity: 'x-3' }]);
});
