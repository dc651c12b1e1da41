import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openRedisLedger, type RedisLedgerOptions } from '../../src/ledger/redis/redis-ledger.ts';

/** A ledger on a real Redis, answering. The deadline is generous: test machines are busy. */
export async function openTestRedisLedger(
  connection: RedisLedgerOptions['connection'],
  options: Partial<RedisLedgerOptions> = {},
): Promise<Ledger> {
  const ledger = openRedisLedger({
    connection,
    username: null,
    password: null,
    tls: false,
    deadlineMs: 5_000,
    keyPrefix: 'mg',
    waitReplicas: 0,
    ...options,
  });
  for (let attempt = 0; ; attempt++) {
    try {
      await ledger.ping();
      return ledger;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(50);
    }
  }
}
