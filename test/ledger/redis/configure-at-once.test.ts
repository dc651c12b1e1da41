// Only Redis is told the configuration of several gateways.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { budgetOf, monthNamed } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

const MONTH = monthNamed('2026-11');
const GATEWAYS = 4;

let server: RedisServer;
let ledgers: Ledger[];

beforeAll(async () => {
  server = await startRedisServer();
  const connection = { kind: 'single', url: server.url } as const;
  ledgers = await Promise.all(Array.from({ length: GATEWAYS }, () => openTestRedisLedger(connection)));
});
afterAll(async () => {
  await Promise.all(ledgers.map((ledger) => ledger.close()));
  await server.stop();
});

test('gateways that start at once with the same budget raise the version of the limits once', async () => {
  const c = new LedgerCase({ ledger: ledgers[0]! });
  const start = (all: number) =>
    Promise.all(
      ledgers.map((ledger) => ledger.configureBudget(c.service, MONTH, budgetOf({ scopes: { all } }))),
    );
  for (const all of [5, 6, 7]) {
    const before = Number((await c.limits('2026-11')).version);
    await start(all);
    const { version, budget } = await c.limits('2026-11');
    expect([Number(version) - before, budget?.scopes]).toEqual([1, { all }]);
  }
  await start(7);
  expect(Number((await c.limits('2026-12')).version)).toBe(3);
});
