import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openRedisLedger, type RedisLedgerOptions } from '../../src/ledger/redis/redis-ledger.ts';

/** Shorter than in production, so that a test of lost data need not wait. */
const WATCH_TIMES = { lookMs: 100, settleMs: 300, otherServerMs: 200 };

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
    watchTimes: WATCH_TIMES,
    ...options,
  });
  for (let attempt = 0; ; attempt++) {
    try {
      await ledger.ping(DEFAULT_SERVICE);
      return ledger;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(50);
    }
  }
}
