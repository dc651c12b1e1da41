// Only Redis loses its data while a gateway runs, and then has other codes.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Names } from '../../../src/ledger/redis/names/names.ts';
import { defineScripts, type LedgerClient } from '../../../src/ledger/redis/scripts.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { freshServiceName } from '../contract/builders.ts';

let server: RedisServer;
let client: LedgerClient;

beforeAll(async () => {
  server = await startRedisServer();
  client = defineScripts(new Redis(server.url));
});
afterAll(async () => {
  client.disconnect();
  await server.stop();
});

test('an answer that comes late, of a call under earlier codes, drops none that were learnt since', async () => {
  const names = new Names(client, 'mg', async (_service, epoch) => epoch);
  const service = freshServiceName();
  await names.intern(service, ['class:member']);
  const earlier = names.epoch(service);
  await client.flushall();
  await names.intern(service, ['class:guest']);
  const present = names.epoch(service);
  expect(present).not.toBe(earlier);

  names.forget(service, earlier);
  expect([names.epoch(service), names.code(service, 'class', 'guest')]).toEqual([present, 1]);
  names.forget(service, present);
  expect([names.epoch(service), names.code(service, 'class', 'guest')]).toEqual(['', undefined]);
});
