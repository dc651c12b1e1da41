import type { LedgerSettings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createRateLimiter } from '../http/limits.ts';
import type { PersonLimiter } from '../issue/ports.ts';
import { connectLimits } from '../ledger/redis/connect-limits.ts';
import { createSharedLimiter } from '../limits/shared-limiter.ts';

/** Makes limits that hold on all gateways together where there is Redis, and in this process where there is none. */
export interface Limits {
  perMinute(name: string, limit: number): PersonLimiter;
  perHour(name: string, limit: number): PersonLimiter;
  close(): Promise<void>;
}

export function wireLimits(ledger: LedgerSettings, clock: Clock): Limits {
  if (ledger.kind === 'embedded') {
    return {
      perMinute: (_name, perMinute) => createRateLimiter({ perMinute, clock }),
      perHour: (_name, perHour) => createRateLimiter({ perHour, clock }),
      close: async () => {},
    };
  }
  const { client, close } = connectLimits(ledger);
  const shared = { client, keyPrefix: ledger.keyPrefix, clock };
  return {
    perMinute: (name, limit) =>
      createSharedLimiter({
        ...shared,
        ...{ name, limit, windowSeconds: 60, fallback: createRateLimiter({ perMinute: limit, clock }) },
      }),
    perHour: (name, limit) =>
      createSharedLimiter({
        ...shared,
        ...{ name, limit, windowSeconds: 3600, fallback: createRateLimiter({ perHour: limit, clock }) },
      }),
    close: async () => close(),
  };
}
