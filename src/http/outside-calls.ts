import type { Clock } from '../domain/clock.ts';
import type { Limiter } from '../domain/limiter.ts';
import { refused } from '../domain/refusal.ts';
import type { EnterOutside } from '../issue/ports.ts';
import { addressBlockOf, createRateLimiter, tooManyFailures } from './limits.ts';

/** Failed authentications by address block, before and after a credential was looked at. */
export interface FailedAuthentications extends Limiter {
  /**
   * Lets a call through that only somebody outside can decide, such as introspection; `rate-limited` for a block of which too
   * many came to nothing, or too many are under way. To be told when the call is over. Absent where nobody outside is asked.
   */
  enterOutside?(address: string | undefined): ReturnType<EnterOutside>;
}

export interface OutsideCallsOptions {
  /** Calls of one block that may come to nothing in a minute. */
  failuresPerMinute: number;
  clock: Clock;
}

/** Calls of one block under way at a time: far more than an office signs in at once. */
const UNDER_WAY_MAX = 256;
const TOO_MANY_UNDER_WAY = refused('rate-limited', {
  detail: 'Too many logins of this network are being checked.',
  ...{ policy: 'logins-under-way', limit: UNDER_WAY_MAX, windowSeconds: 1, retryAfterSeconds: 1 },
});
const BLOCKS_MAX = 10_000;

/**
 * Without it each made-up token would be a call to the identity provider, long after its sender is turned away. Answers that
 * are remembered are no calls, so that a tab that repeats one dead session all day closes nobody's way. Counted in this
 * process.
 */
export function limitOutsideCalls(
  failures: Limiter,
  { failuresPerMinute, clock }: OutsideCallsOptions,
): FailedAuthentications {
  const failed = createRateLimiter({ perMinute: failuresPerMinute, clock, keysMax: BLOCKS_MAX });
  const underWay = new Map<string, number>();

  return {
    take: (key, limit) => failures.take(key, limit),
    enterOutside(address) {
      const block = addressBlockOf(address);
      const verdict = failed.look(block);
      if (!verdict.allowed) return tooManyFailures(verdict);
      const calls = underWay.get(block) ?? 0;
      if (calls >= UNDER_WAY_MAX) return TOO_MANY_UNDER_WAY;
      underWay.set(block, calls + 1);
      return (hasFailed) => {
        const left = (underWay.get(block) ?? 1) - 1;
        if (left > 0) underWay.set(block, left);
        else underWay.delete(block);
        if (hasFailed) failed.take(block);
      };
    },
  };
}

/** Lets calls for a request in by the address that it comes from, which is worked out only when there is one. */
export function enterFor<Asking>(
  { enterOutside }: FailedAuthentications,
  request: Asking,
  addressOf: (request: Asking) => string | undefined,
): EnterOutside | undefined {
  return enterOutside && (() => enterOutside(addressOf(request)));
}
