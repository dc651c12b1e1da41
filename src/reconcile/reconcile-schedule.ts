import { createAttempts } from '../async/create-attempts.ts';
import { repeat } from '../async/repeat.ts';
import type { Clock } from '../domain/clock.ts';
import { type Month, monthOf, previousMonth } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthDocuments } from '../ledger/month-documents.ts';
import type { Reconciler } from './reconciler.ts';

/** Pulls Twilio's records by itself, on one gateway at a time. */
export interface ReconcileSchedule {
  start(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

export interface ReconcileScheduleParts {
  ledger: Pick<MonthDocuments, 'documents' | 'keepDocument'>;
  reconciler: Pick<Reconciler, 'pull'>;
  clock: Clock;
  /** Those with a key of their own for reads. */
  services: readonly ServiceName[];
  everyHours: number;
  /** Takes what a look at a service failed by, once until one succeeds; a pull that fails is told by the reconciler. */
  onFailure(service: string, failure: unknown): void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** How often it is looked whether a pull is due; the first look is a minute after the start. */
const LOOK_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Twilio's record of a month goes on moving for a while after its end. */
const SETTLING_DAYS = 10;
/** Under which the turn of a service is kept. */
const TURN = 'turn:reconcile';

interface Turn {
  /** ms since the epoch. */
  nextAt: number;
}

export function createReconcileSchedule(parts: ReconcileScheduleParts): ReconcileSchedule {
  const { ledger, reconciler, clock, services, everyHours, onFailure, sleep } = parts;
  const attempt = createAttempts();
  // The reconciler tells of a failure; the next look comes in a minute, the next pull of that service when it is due.
  const looks = repeat({
    ...{ everyMs: LOOK_MS, sleep, turn: look },
    onFailure: (failure) => onFailure('all', failure),
  });

  /** True when it was due and no other gateway has taken it. */
  async function takeTurn(service: ServiceName, nowMs: number): Promise<boolean> {
    const month = monthOf(nowMs);
    const [document] = await ledger.documents(service, month, TURN);
    const nextAt = document === undefined ? 0 : (JSON.parse(document.text) as Turn).nextAt;
    if (nowMs < nextAt) return false;
    const text = JSON.stringify({ nextAt: nowMs + everyHours * HOUR_MS } satisfies Turn);
    return ledger.keepDocument(service, month, { name: TURN, text }, document?.text ?? null);
  }

  async function lookAt(service: ServiceName, signal: AbortSignal): Promise<void> {
    const nowMs = clock.now();
    if (!(await takeTurn(service, nowMs))) return;
    for (const month of monthsOf(nowMs)) {
      if (signal.aborted) return;
      // The reconciler has told of it, and the next month has its turn all the same.
      await reconciler.pull(service, month, { people: false, signal }).catch(() => {});
    }
  }

  async function look(signal: AbortSignal): Promise<void> {
    for (const service of services) {
      if (signal.aborted) return;
      await attempt(
        service,
        () => lookAt(service, signal),
        (failure) => {
          if (!signal.aborted) onFailure(service, failure);
        },
      );
    }
  }

  return {
    start() {
      if (everyHours > 0 && services.length > 0) looks.start();
    },
    stop: looks.stop,
  };
}

/** The current month, and the one before while its record may still move. */
function monthsOf(nowMs: number): Month[] {
  const month = monthOf(nowMs);
  return new Date(nowMs).getUTCDate() <= SETTLING_DAYS ? [previousMonth(month), month] : [month];
}
