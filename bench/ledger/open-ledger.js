import { setTimeout as sleep } from 'node:timers/promises';
import { openRedisLedger } from '../product.js';

export const KEY_PREFIX = 'mg';

const PATIENCE_MS = 5_000;
/** Filling a month sends a thousand mints at once, so the last of them wait longer than a gateway's would. */
const DEADLINE_MS = 10_000;

/**
 * Opens the product's Redis ledger and waits until it has its connection.
 *
 * @param {string} url
 */
export async function openLedger(url) {
  const ledger = openRedisLedger({
    connection: { kind: 'single', url },
    ...{ username: null, password: null, tls: false },
    ...{ keyPrefix: KEY_PREFIX, waitReplicas: 0, deadlineMs: DEADLINE_MS },
  });
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await ledger.ping().catch(() => false))) {
    if (performance.now() > giveUpAt) throw new Error('the ledger found no Redis');
    await sleep(20);
  }
  return ledger;
}
