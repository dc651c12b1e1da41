import { afterAll, beforeAll } from '@jest/globals';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { openTestRedisLedger } from './redis-ledger.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

export const LEDGER_KINDS = ['embedded', 'redis'] as const;

/**
 * Makes what opens an empty ledger of either kind, to be called at the top of a test file. The Redis server runs for all tests
 * of the file; every ledger is closed after them.
 */
export function ledgersOfBothKinds(): (kind: (typeof LEDGER_KINDS)[number]) => Promise<Ledger> {
  const opened: Ledger[] = [];
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedisServer();
  });
  afterAll(async () => {
    await Promise.all(opened.map((ledger) => ledger.close()));
    await redis.stop();
  });
  return async (kind) => {
    const ledger =
      kind === 'embedded'
        ? openSqliteLedger({ path: ':memory:' })
        : await openTestRedisLedger({ kind: 'single', url: redis.url }, { keyPrefix: `mg${opened.length}` });
    opened.push(ledger);
    return ledger;
  };
}
