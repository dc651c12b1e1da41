import type { LedgerSettings, Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { Limiter } from '../domain/limiter.ts';
import { createRateLimiter } from '../http/limits.ts';
import { type FailedAuthentications, limitOutsideCalls } from '../http/outside-calls.ts';
import { connectLimits } from '../ledger/redis/connection/connect-limits.ts';
import { readRedisMemory } from '../ledger/redis/connection/read-memory.ts';
import { createSharedLimiter } from '../limits/shared-limiter.ts';
import type { StoreMemory } from '../ops/gateway-state.ts';
import type { SessionStore } from '../ops/shared-ended-sessions.ts';

/** Makes limits that hold on all gateways together where there is Redis, and in this process where there is none. */
export interface Limits {
  perMinute(name: string, limit: number): Limiter;
  perHour(name: string, limit: number): Limiter;
  /** Where dashboard sessions that ended are known to all gateways; null without Redis. */
  sessions: { store: SessionStore; keyPrefix: string } | null;
  /** What the servers of Redis use; null without Redis. */
  readMemory(): Promise<StoreMemory | null>;
  close(): Promise<void>;
}

export function wireLimits(ledger: LedgerSettings, clock: Clock): Limits {
  if (ledger.kind === 'embedded') {
    return {
      perMinute: (_name, perMinute) => createRateLimiter({ perMinute, clock }),
      perHour: (_name, perHour) => createRateLimiter({ perHour, clock }),
      sessions: null,
      readMemory: async () => null,
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
    sessions: { store: client as SessionStore, keyPrefix: ledger.keyPrefix },
    readMemory: () => readRedisMemory(client),
    close: async () => close(),
  };
}

/** Limits failed authentications, and calls to whoever has to be asked about a credential. */
export function wireFailures(
  { limits: { failedAuthenticationsPerMinute: failuresPerMinute }, issuers, session }: Settings,
  limits: Limits,
  clock: Clock,
): FailedAuthentications {
  const failures = limits.perMinute('failed-authentications', failuresPerMinute);
  const asksOutside = session !== null || issuers.some(({ introspection }) => introspection !== null);
  return asksOutside ? limitOutsideCalls(failures, { failuresPerMinute, clock }) : failures;
}
