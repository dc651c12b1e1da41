import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import type { LimitVerdict, PersonLimiter } from '../issue/ports.ts';
import { addressBlockOf, createRateLimiter } from './limits.ts';

/** Failed authentications by address block, before and after a credential was looked at. */
export interface FailedAuthentications extends PersonLimiter {
  /**
   * Lets a call through that only somebody outside can decide, such as introspection; `rate-limited` for a block of which too
   * many came to nothing, or too many are under way. To be told when the call is over. Absent where nobody outside is asked.
   */
  enterOutside?(address: string | undefined): Refusal | ((failed: boolean) => void);
}

export interface OutsideCallsOptions {
  /** Calls of one block that may come to nothing in a minute. */
  failuresPerMinute: number;
  clock: Clock;
}

/** Calls of one block under way at a time: far more than an office signs in at once. */
const UNDER_WAY_MAX = 256;
const BLOCKS_MAX = 10_000;

/**
 * Without it each made-up token would be a call to the identity provider, long after its sender is turned away. Answers that
 * are remembered are no calls, so that a tab that repeats one dead session all day closes nobody's way. Counted in this
 * process.
 */
export function limitOutsideCalls(
  failures: PersonLimiter,
  { failuresPerMinute, clock }: OutsideCallsOptions,
): FailedAuthentications {
  const failed = createRateLimiter({ perMinute: failuresPerMinute, clock, keysMax: BLOCKS_MAX });
  const closed = new LRUCache<string, { verdict: LimitVerdict; untilMs: number }>({ max: BLOCKS_MAX });
  const underWay = new Map<string, number>();

  function refusalOf(block: string, calls: number): Refusal | null {
    const detail = 'Too many failed authentications from this network.';
    const policy = 'failed-authentications';
    const nowMs = clock.now();
    const found = closed.get(block);
    const leftMs = found === undefined ? 0 : found.untilMs - nowMs;
    // What is further ahead than a window belongs to a clock that was set back since.
    if (found !== undefined && leftMs > 0 && leftMs <= found.verdict.windowSeconds * 1000) {
      const { limit, windowSeconds } = found.verdict;
      const retryAfterSeconds = Math.ceil(leftMs / 1000);
      return refused('rate-limited', { detail, policy, limit, windowSeconds, retryAfterSeconds });
    }
    if (calls < UNDER_WAY_MAX) return null;
    return refused('rate-limited', {
      detail: 'Too many logins of this network are being checked.',
      ...{ policy: 'logins-under-way', limit: UNDER_WAY_MAX, windowSeconds: 1, retryAfterSeconds: 1 },
    });
  }

  return {
    take: (key, limit) => failures.take(key, limit),
    enterOutside(address) {
      const block = addressBlockOf(address);
      const calls = underWay.get(block) ?? 0;
      const refusal = refusalOf(block, calls);
      if (refusal !== null) return refusal;
      underWay.set(block, calls + 1);
      return (hasFailed) => {
        const left = (underWay.get(block) ?? 1) - 1;
        if (left > 0) underWay.set(block, left);
        else underWay.delete(block);
        if (!hasFailed) return;
        const verdict = failed.take(block);
        if (verdict.allowed) return;
        closed.set(block, { verdict, untilMs: clock.now() + verdict.retryAfterSeconds * 1000 });
      };
    },
  };
}
