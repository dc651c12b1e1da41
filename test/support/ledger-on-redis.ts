import { afterAll, beforeAll } from '@jest/globals';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openTestRedisLedger } from './redis-ledger.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

/** A ledger on a Redis of its own for all tests of a file; to be called at its top, and read in its tests. */
export function ledgerOnRedis(): { readonly server: RedisServer; readonly ledger: Ledger } {
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
  return {
    get server() {
      return server;
    },
    get ledger() {
      return ledger;
    },
  };
}
