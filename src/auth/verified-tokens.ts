import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../domain/caller.ts';
import type { KeyGeneration } from './key-source.ts';

/** A token that was checked in full, and for how long and under which keys that holds. */
export interface VerifiedToken {
  caller: Caller;
  /** When it was checked, ms since the epoch: what was checked in the future was so by a clock that was set back since. */
  checkedAtMs: number;
  /** The token's own `exp` or earlier, ms since the epoch. */
  expiresAtMs: number;
  /** The key set of the issuer that answered for it. */
  keys: KeyGeneration;
  /** Generation of `keys` that it was verified under. */
  generation: number;
}

/** Remembers verified tokens, so that the same token need not be verified again within a few minutes. */
export interface VerifiedTokens {
  /**
   * The very same caller object each time; undefined when the token must be verified.
   *
   * @param digest by {@link digestToken}
   */
  find(digest: string, nowMs: number): Caller | undefined;
  remember(digest: string, verified: VerifiedToken): void;
}

/**
 * What a token is remembered by: a hash of the whole. A key made of a part of it lets a forged token that shares that part
 * pass as someone else's: all tokens of an issuer begin with the same header, which is how a cache keyed by
 * the first 20 characters became CVE-2026-35030. The issuer is bound by the entry, which names the key set
 * that it stands on and dies with that set's generation; so does the caller, which carries the issuer.
 *
 * `binary` is the cheapest encoding to make and to hold: 32 one-byte characters.
 */
export function digestToken(token: string): string {
  return hash('sha256', token, 'binary');
}

/**
 * @param entriesMax the least recently used are dropped beyond this
 */
export function createVerifiedTokens(entriesMax: number): VerifiedTokens {
  const entries = new LRUCache<string, VerifiedToken>({ max: entriesMax });
  return {
    find(digest, nowMs) {
      const entry = entries.get(digest);
      if (entry === undefined) return undefined;
      const isCurrent = nowMs < entry.expiresAtMs && nowMs >= entry.checkedAtMs;
      if (isCurrent && entry.generation === entry.keys.generation) return entry.caller;
      entries.delete(digest);
      return undefined;
    },
    remember(digest, verified) {
      entries.set(digest, verified);
    },
  };
}
