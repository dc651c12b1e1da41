import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import type { LimitVerdict, PersonLimiter } from '../issue/ports.ts';

/** Counts in fixed windows, in this process only. Synchronous. */
export interface RateLimiter extends PersonLimiter {
  /** Takes one place for a key; the window begins with the key's first take. */
  take(key: string): LimitVerdict;
}

export interface RateLimiterOptions {
  /** Takes that are allowed per key and minute. */
  perMinute: number;
  clock: Clock;
  /** Keys remembered; beyond it the longest unused is forgotten and may start anew. Default 65536, about 10 MB. */
  keysMax?: number;
}

const WINDOW_SECONDS = 60;
const KEYS_MAX = 65_536;

interface Window {
  endsAtMs: number;
  taken: number;
}

/**
 * Limits by key over windows of a minute.
 *
 * Kept in an LRU cache, 0.16 µs a take: hard-bounded memory, no timer, and time comes from our clock. The
 * MemoryStore of express-rate-limit was as fast (0.2 µs), but grows with the number of distinct keys.
 */
export function createRateLimiter({ perMinute, clock, keysMax = KEYS_MAX }: RateLimiterOptions): RateLimiter {
  const windows = new LRUCache<string, Window>({ max: keysMax });
  return {
    take(key) {
      const nowMs = clock.now();
      let window = windows.get(key);
      // A window that ends more than a whole length ahead belongs to a clock that was set back since.
      if (
        window === undefined ||
        window.endsAtMs <= nowMs ||
        window.endsAtMs > nowMs + WINDOW_SECONDS * 1000
      ) {
        window = { endsAtMs: nowMs + WINDOW_SECONDS * 1000, taken: 0 };
        windows.set(key, window);
      }
      window.taken += 1;
      return {
        allowed: window.taken <= perMinute,
        limit: perMinute,
        windowSeconds: WINDOW_SECONDS,
        retryAfterSeconds: Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1000)),
      };
    },
  };
}

/**
 * The block an address belongs to, IPv4 /24 or IPv6 /48: what one household, office or attacker holds. An IPv4
 * address in IPv6 clothes is an IPv4 address. What is no address shares one block of its own.
 */
export function addressBlockOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv4
    ? `${parsed.octets.slice(0, 3).join('.')}.0/24`
    : `${parsed.parts
        .slice(0, 3)
        .map((part) => part.toString(16))
        .join(':')}::/48`;
}
