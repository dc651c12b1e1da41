import { createHash } from 'node:crypto';
import { createAttempts } from '../async/create-attempts.ts';
import type { Clock } from '../domain/clock.ts';
import { LedgerUnavailable } from '../domain/ledger-unavailable.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthSummary } from '../reports/month-summary.ts';

/** News of a service's current month. */
export type LiveNews =
  /** The figures have changed; `id` names them as they are. */
  | { kind: 'month'; id: string; summary: MonthSummary }
  /** They are still the same. `asOf`: when the ledger was read last, ISO-8601. */
  | { kind: 'beat'; asOf: string }
  /** The figures cannot be read since `since`, ISO-8601: mostly the ledger does not answer. */
  | { kind: 'away'; since: string };

/** Watches the current month of services that somebody looks at. */
export interface LiveMonths {
  /**
   * Tells the listener the figures as they are, then every change, and at least every {@link BEAT_MS} that there is
   * none. Answers the function that ends it.
   */
  watch(service: ServiceName, listener: (news: LiveNews) => void): () => void;
  /** Ends all watching; later calls of `watch` hear nothing. */
  stop(): void;
}

/** However many look at a month, its ledger is asked once in this time, ms. */
const READ_MS = 2_000;
/** Without change there is a sign of life in this time, ms. */
const BEAT_MS = 10_000;

export interface LiveMonthsOptions {
  read: (service: ServiceName) => Promise<MonthSummary>;
  clock: Clock;
  /** Takes what a look failed by that is no outage of the ledger, once until one succeeds. */
  onFailure: (service: ServiceName, failure: unknown) => void;
  /** Default {@link READ_MS}. */
  readMs?: number;
  /** Default {@link BEAT_MS}. */
  beatMs?: number;
}

export function createLiveMonths(options: LiveMonthsOptions): LiveMonths {
  const watched = new Map<ServiceName, Watched>();
  let stopped = false;
  return {
    watch(service, listener) {
      if (stopped) return () => {};
      const one = watched.get(service) ?? watchOne(service, options);
      watched.set(service, one);
      one.add(listener);
      return () => {
        if (one.remove(listener) && watched.get(service) === one) watched.delete(service);
      };
    },
    stop() {
      stopped = true;
      for (const one of watched.values()) one.stop();
      watched.clear();
    },
  };
}

interface Watched {
  add(listener: (news: LiveNews) => void): void;
  /** Whether nobody is left. */
  remove(listener: (news: LiveNews) => void): boolean;
  stop(): void;
}

function watchOne(service: ServiceName, options: LiveMonthsOptions): Watched {
  const { read, clock, onFailure, readMs = READ_MS, beatMs = BEAT_MS } = options;
  const attempt = createAttempts();
  const listeners = new Set<(news: LiveNews) => void>();
  let last: Extract<LiveNews, { kind: 'month' }> | null = null;
  let awaySince: string | null = null;
  let toldAtMs = clock.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const tell = (news: LiveNews) => {
    toldAtMs = clock.now();
    for (const listener of listeners) listener(news);
  };

  /** What is known now, for somebody who has just come, or as a sign of life. */
  const current = (): LiveNews | null => {
    if (awaySince !== null) return { kind: 'away', since: awaySince };
    return last && { kind: 'beat', asOf: last.summary.asOf };
  };

  async function readFigures(): Promise<MonthSummary | null> {
    let summary: MonthSummary | null = null;
    await attempt(
      'read',
      async () => {
        summary = await read(service);
      },
      (failure) => {
        // Of a ledger that is away whoever owns its connection tells.
        if (!(failure instanceof LedgerUnavailable)) onFailure(service, failure);
      },
    );
    return summary;
  }

  async function look(): Promise<void> {
    const summary = await readFigures();
    if (summary !== null) {
      const wasAway = awaySince !== null;
      awaySince = null;
      const id = nameOf(summary);
      const changed = last === null || last.id !== id;
      last = { kind: 'month', id, summary };
      if (changed || wasAway) return tell(last);
    } else if (awaySince === null) {
      awaySince = new Date(clock.now()).toISOString();
      return tell({ kind: 'away', since: awaySince });
    }
    const news = current();
    if (news !== null && clock.now() - toldAtMs >= beatMs) tell(news);
  }

  async function goRound(): Promise<void> {
    await look().catch((failure: unknown) => onFailure(service, failure));
    if (stopped) return;
    timer = setTimeout(() => void goRound(), readMs);
    // A page that is open must not keep a gateway from ending.
    timer.unref();
  }

  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    listeners.clear();
  }

  void goRound();
  return {
    add(listener) {
      listeners.add(listener);
      if (last !== null) listener(last);
      if (awaySince !== null) listener({ kind: 'away', since: awaySince });
    },
    remove(listener) {
      listeners.delete(listener);
      if (listeners.size > 0) return false;
      stop();
      return true;
    },
    stop,
  };
}

/** The same figures have the same name, on every gateway; when they were read does not matter. */
function nameOf({ asOf: _asOf, ...figures }: MonthSummary): string {
  return createHash('sha256').update(JSON.stringify(figures)).digest('base64url').slice(0, 16);
}
