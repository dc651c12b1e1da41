import { createHash } from 'node:crypto';
import type { Identity } from '../domain/identity.ts';

/**
 * Identities are kept in this many buckets, the same for every month and both ledgers: about 60 people a
 * bucket at a million, so that each stays a compact listpack in Redis (limit 512 fields).
 */
export const BUCKETS = 16_384;

/** Which bucket holds an identity, 0 to 16383. Fixed for good: another function would lose everyone. */
export function bucketOf(identity: Identity): number {
  return createHash('sha1').update(identity).digest().readUInt16BE(0) % BUCKETS;
}
