import type { Identity } from '../../domain/identity.ts';
import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';
import type { MonthDocuments } from '../../ledger/month-documents.ts';
import { createBackfillBook, TakenOver, type TakenRecord } from './backfill-book.ts';
import { type BackfillProgress, beginRecord, showProgress } from './backfill-progress.ts';
import { type BackfillLedger, createKeepActs } from './keep-acts.ts';
import type { PacedRead } from './paced-reads.ts';
import type { BackfillEvent, TwilioHistory } from './ports.ts';
import { runBackfill } from './run-backfill.ts';

export interface BackfillParts {
  history: TwilioHistory;
  paced: PacedRead;
  ledger: BackfillLedger & MonthDocuments;
  /** ms since the epoch. */
  now(): number;
  /** Names this process among those that share the ledger. */
  owner: string;
  classOf(identity: Identity): string;
  /** Must not throw. */
  onEvent(event: BackfillEvent): void;
}

/** Brings what Twilio still knows of a month to the ledger, in the background. */
export interface Backfill {
  /**
   * Starts, or goes on where an earlier one broke off; where one is under way, on whichever gateway, it is left alone.
   * Resolves at once with how far it is.
   *
   * @throws GatewayError `ledger-unavailable`
   */
  start(service: ServiceName, month: Month): Promise<BackfillProgress>;
  /** Null when none was ever started. */
  read(service: ServiceName, month: Month): Promise<BackfillProgress | null>;
  /** Breaks off what is under way here, so that it can go on elsewhere. */
  stop(): Promise<void>;
}

type Trouble = NonNullable<BackfillProgress['trouble']>;

const LEDGER_AWAY: Trouble = {
  says: 'The ledger did not answer.',
  nextStep: 'Order the backfill again when it does: it goes on where it was.',
};
const DEFECT = {
  says: 'Something is broken inside the gateway.',
  nextStep: 'Look for backfill.failed in its log.',
};
const INTERRUPTED = {
  says: 'The gateway was stopped.',
  nextStep: 'Order the backfill again: it goes on where it was.',
};

export function createBackfill(parts: BackfillParts): Backfill {
  const { history, paced, ledger, owner, now, classOf, onEvent } = parts;
  const book = createBackfillBook(ledger, owner, now);
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  const starting = new Set<string>();
  const isHere = (key: string) => running.has(key) || starting.has(key);
  /** Why backfills stopped here, where that could not be kept: the ledger was away. */
  const unkept = new Map<string, Trouble>();

  async function work(service: ServiceName, month: Month, page: TakenRecord): Promise<void> {
    const { record, save, renew } = page;
    const tell = (kind: 'started' | 'finished' | 'interrupted') =>
      onEvent({ kind, service, month, calls: record.read.calls });
    tell('started');
    const { signal } = stopping;
    const keep = createKeepActs(ledger, service, month);
    const context = {
      ...{ month, classOf },
      // It may take hours, and Twilio's people go on meanwhile.
      get nowMs() {
        return now();
      },
    };
    try {
      await runBackfill({ history, paced, keep, service, month, context, record, save, renew, signal });
      record.state = 'done';
      await save();
      tell('finished');
    } catch (failure) {
      if (failure instanceof TakenOver) return;
      record.state = 'stopped';
      record.trouble = signal.aborted ? INTERRUPTED : troubleOf(failure);
      const { trouble } = record;
      // Whoever goes on elsewhere, after a ledger that stays away, finds the lease run out.
      await save().catch(() => unkept.set(keyOf(service, month), trouble));
      if (signal.aborted) return tell('interrupted');
      const kind = record.trouble === DEFECT ? 'failed' : 'stopped';
      onEvent({ kind, service, month, calls: record.read.calls, failure });
    }
  }

  return {
    async start(service, month) {
      const key = keyOf(service, month);
      const kept = await book.read(service, month);
      const isBusy = kept?.state === 'running' && kept.leasedUntil > now() && kept.owner !== owner;
      if (isHere(key) || isBusy || stopping.signal.aborted) {
        return showProgress(service, month, kept ?? beginRecord(owner, now()));
      }
      starting.add(key);
      const page = await book.take(service, month, kept).finally(() => starting.delete(key));
      if (page === null)
        return showProgress(service, month, (await book.read(service, month)) ?? beginRecord(owner, now()));
      unkept.delete(key);
      const done = work(service, month, page).finally(() => running.delete(key));
      running.set(key, done);
      return showProgress(service, month, page.record);
    },

    async read(service, month) {
      const key = keyOf(service, month);
      const wasHere = isHere(key);
      const kept = await book.read(service, month);
      if (kept === null) return null;
      // A process that died could not say so, nor one to which the ledger did not answer.
      const isOurs = kept.owner === owner && !wasHere && !isHere(key);
      const isDead = kept.state === 'running' && (isOurs || kept.leasedUntil <= now());
      const trouble = (isOurs ? unkept.get(key) : undefined) ?? INTERRUPTED;
      return showProgress(service, month, isDead ? { ...kept, state: 'stopped', trouble } : kept);
    },

    async stop() {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}

function keyOf(service: ServiceName, month: Month): string {
  return `${service} ${month}`;
}

function troubleOf(failure: unknown): Trouble {
  if (failure instanceof TwilioUnavailable) return { says: failure.says, nextStep: failure.nextStep };
  const { code } = (failure ?? {}) as { code?: unknown };
  return code === 'ledger-unavailable' ? LEDGER_AWAY : DEFECT;
}
