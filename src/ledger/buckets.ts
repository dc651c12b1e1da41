import type { Identity } from '../domain/identity.ts';

/**
 * Identities are kept in this many buckets, the same for every month and both ledgers: about 30 people a
 * bucket at a million, so that each stays a compact listpack in Redis (limit 512 fields) and a look-up scans few
 * of them. Half as many buckets would save 2 bytes a person and cost a tenth more Redis CPU a mint.
 */
export const BUCKETS = 32_768;

/**
 * Which bucket holds an identity, 0 to 32767. Fixed for good: another function would lose everyone.
 *
 * FNV-1a with murmur3's final mix: 30 ns where SHA-1 takes 1 µs on the mint path. It need not resist an
 * attacker: identities are keyed hashes or come from verified logins, and a full bucket is only slower.
 */
export function bucketOf(identity: Identity): number {
  return bucketOfText(identity);
}

/** Which bucket holds a conversation, by its SID; as fixed. */
export function bucketOfConversation(sid: string): number {
  return bucketOfText(sid);
}

function bucketOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let position = 0; position < text.length; position++) {
    hash = Math.imul(hash ^ text.charCodeAt(position), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % BUCKETS;
}
