import { randomBytes } from 'node:crypto';
import { BUCKETS } from '../../buckets.ts';

/*
 * An epoch names one life of a service's data in Redis: the bucket count, random text, and, when it began because data
 * were lost, the instant by the store's clock at which that was announced: `32768-9f3c…` or `32768-9f3c…-1795…`.
 */

/** @param lostAt ms since the epoch by the store's clock, null for a service that begins */
export function createEpoch(lostAt: number | null): string {
  const random = randomBytes(6).toString('hex');
  return lostAt === null ? `${BUCKETS}-${random}` : `${BUCKETS}-${random}-${lostAt}`;
}

/** When a loss was announced by this epoch, ms since the epoch; null when it announces none. */
export function lossAnnouncedBy(epoch: string): number | null {
  const [, , lostAt] = epoch.split('-');
  return lostAt === undefined ? null : Number(lostAt);
}

/** False for a ledger that another version wrote, with people in other buckets. */
export function hasOurBuckets(epoch: string): boolean {
  return epoch.startsWith(`${BUCKETS}-`);
}
