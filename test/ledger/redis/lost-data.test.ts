// Only Redis can lose its data while a gateway runs: the embedded ledger locks its file.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';

let server: RedisServer;
let ledger: Ledger;

beforeAll(async () => {
  server = await startRedisServer();
  ledger = await openTestRedisLedger({ kind: 'single', url: server.url });
});
afterAll(async () => {
  await ledger.close();
  await server.stop();
});

test('a Redis that lost its data is told the configured budget again before anybody is let in', async () => {
  const c = new LedgerCase({ ledger });
  await c.budget('2026-11', { scopes: { all: 2, 'class:member': 1 } });
  expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });

  const admin = new Redis(server.url);
  await admin.flushall();
  admin.disconnect();

  const answers = await Promise.all(['bob', 'cid', 'dan'].map((person) => c.admit(person, AT)));
  expect(answers.filter(({ outcome }) => outcome === 'new')).toHaveLength(1);
  expect(answers.filter(({ outcome }) => outcome === 'refused')).toHaveLength(2);
});
