import { LRUCache } from 'lru-cache';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../domain/clock.ts';
import type { Limiter, LimitVerdict } from '../domain/limiter.ts';

export interface SharedLimiterOptions {
  /** An ioredis client that fails at once when Redis is away, and after a short deadline when it is silent. */
  client: object;
  /** First part of every key. */
  keyPrefix: string;
  /** Tells the limits of one gateway apart. */
  name: string;
  /** Takes that are allowed per key and window, on all gateways together. */
  limit: number;
  windowSeconds: number;
  /** Counts in this process while Redis is away, with the same limit. */
  fallback: Limiter;
  clock: Clock;
}

/** After a failure Redis is left alone this long, so that a silent one holds up one request in a second, not each. */
const REST_MS = 1_000;
/** Keys over their limit that are remembered, so that a flood is refused without asking Redis. */
const REFUSED_MAX = 65_536;

/**
 * Limits by key over fixed windows, counted in Redis for all gateways together. One single-key script call a take,
 * none for a key that is known to be over its limit. Without Redis every gateway counts for itself.
 */
export function createSharedLimiter(options: SharedLimiterOptions): Limiter {
  const { limit, windowSeconds, fallback, clock } = options;
  const limiter = new RateLimiterRedis({
    storeClient: options.client,
    keyPrefix: `${options.keyPrefix}:limit:${options.name}`,
    points: limit,
    duration: windowSeconds,
    rejectIfRedisNotReady: true,
  });
  const refusedUntilMs = new LRUCache<string, number>({ max: REFUSED_MAX });
  let restsUntilMs = Number.NEGATIVE_INFINITY;

  function verdict(allowed: boolean, leftMs: number): LimitVerdict {
    return { allowed, limit, windowSeconds, retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)) };
  }

  async function ask(key: string, nowMs: number): Promise<LimitVerdict> {
    try {
      const { msBeforeNext } = await limiter.consume(key);
      return verdict(true, msBeforeNext);
    } catch (refusal) {
      // The library rejects with a result when the limit is reached, and with an error when Redis fails.
      if (!(refusal instanceof RateLimiterRes)) {
        restsUntilMs = nowMs + REST_MS;
        return fallback.take(key);
      }
      refusedUntilMs.set(key, nowMs + refusal.msBeforeNext);
      return verdict(false, refusal.msBeforeNext);
    }
  }

  return {
    take(key) {
      const nowMs = clock.now();
      const untilMs = refusedUntilMs.get(key);
      // One that ends more than a whole window ahead belongs to a clock that was set back since.
      if (untilMs !== undefined && nowMs < untilMs && untilMs <= nowMs + windowSeconds * 1000) {
        return verdict(false, untilMs - nowMs);
      }
      const rests = nowMs < restsUntilMs && restsUntilMs <= nowMs + REST_MS;
      return rests ? fallback.take(key) : ask(key, nowMs);
    },
  };
}
