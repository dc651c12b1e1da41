import type { LedgerClient } from '../scripts.ts';

/** The store's clock, ms since the epoch: the one that all gateways share. */
export async function readStoreClock(client: LedgerClient): Promise<number> {
  const [seconds, microseconds] = await client.time();
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
}
