import { afterAll, beforeAll } from '@jest/globals';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeLedgerContract } from './contract.ts';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

describeLedgerContract('Redis', async () => {
  const ledger = await openTestRedisLedger({ kind: 'single', url: server.url });
  return { ledger, close: () => ledger.close() };
});
