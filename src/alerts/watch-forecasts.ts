import type { Clock } from '../domain/clock.ts';
import { monthEndSeconds } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { AlertBook, ForecastCrossing } from '../ledger/alert-book.ts';
import { limitInForce } from '../ledger/budget-rules.ts';
import type { LedgerSteering } from '../ledger/steering.ts';

/** What the watch wants to know of a service's current month. */
export interface WatchedForecast {
  month: ForecastCrossing['month'];
  /** At the month's end; null while there is too little to go by. */
  identities: { low: number; mid: number; high: number } | null;
  /** Identities by now. */
  used: number;
  /** Of the whole service; null without one. */
  limit: number | null;
}

export interface ForecastWatchDeps {
  ledger: Pick<AlertBook, 'foretell'> & Pick<LedgerSteering, 'limits'>;
  services: readonly ServiceName[];
  /** The forecast of the month that holds an instant, ms since the epoch. */
  forecast: (service: ServiceName, nowMs: number) => Promise<WatchedForecast>;
  /** Pause between two looks, ms. */
  pollMs: number;
  clock: Clock;
  /** Resolves after so many ms, or at once when the signal fires; never rejects. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Takes every look that failed; the next one is made all the same. */
  onFailure: (service: ServiceName, failure: unknown) => void;
}

/** Looks at the forecasts now and then, remembers them, and tells once a month when one crosses the limit. */
export interface ForecastWatch {
  /** Does nothing when it was started or stopped before. */
  start(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
  /** One look at every service; never rejects. */
  look(): Promise<void>;
  /** What the last look at the service saw, or null. */
  latest(service: ServiceName): WatchedForecast | null;
  /** Pause between two looks, ms. */
  readonly everyMs: number;
  /** When the next look is due, ms since the epoch; null while one is under way, and before the start. */
  nextLookAt(): number | null;
}

export function createForecastWatch(deps: ForecastWatchDeps): ForecastWatch {
  const { ledger, services, forecast, clock, onFailure } = deps;
  const stopping = new AbortController();
  const seen = new Map<ServiceName, WatchedForecast>();
  let loop: Promise<void> | null = null;
  let nextAt: number | null = null;

  async function lookAt(service: ServiceName): Promise<void> {
    const at = clock.now();
    const watched = await forecast(service, at);
    seen.set(service, watched);
    const { month, identities, used, limit } = watched;
    // A limit that is reached has its own alert.
    if (identities === null || limit === null || used >= limit) return;
    const { budget, raises } = await ledger.limits(service, month);
    // Without thresholds nobody wants to be told.
    if (budget === null || budget.thresholds.length === 0) return;
    // A raise may end before the month does.
    const atEnd = limitInForce(budget, raises, 'all', month, monthEndSeconds(month) - 1);
    if (atEnd === null || identities.mid < atEnd) return;
    await ledger.foretell(service, { month, at, limit: atEnd, forecast: identities.mid });
  }

  async function look(): Promise<void> {
    for (const service of services) {
      if (stopping.signal.aborted) return;
      await lookAt(service).catch((failure: unknown) => {
        // Old figures would pass for new ones.
        seen.delete(service);
        onFailure(service, failure);
      });
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      nextAt = null;
      await look();
      nextAt = clock.now() + deps.pollMs;
      await deps.sleep(deps.pollMs, stopping.signal);
    }
  }

  return {
    start() {
      if (loop === null && !stopping.signal.aborted) loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
    look,
    latest: (service) => seen.get(service) ?? null,
    everyMs: deps.pollMs,
    nextLookAt: () => nextAt,
  };
}
