import { repeat } from '../async/repeat.ts';
import type { Clock } from '../domain/clock.ts';
import { type Month, monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ClosingDesk } from '../reconcile/closing-desk.ts';
import { makeWrite, type WriteTerms } from '../steering/operator-write.ts';
import type { ArchiveBook } from './archive-book.ts';
import { type KeptMonths, oldestKept } from './due-months.ts';
import { forgetErased } from './erase-archived.ts';
import { findEnd } from './find-end.ts';
import type { ArchiveKeeper } from './keeper.ts';
import type { ArchiveEvent } from './ports.ts';
import type { TrimOrder } from './trim-month.ts';

/** Archives and trims by itself what is older than is kept, on one gateway at a time. */
export interface RetentionSchedule {
  start(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
  /** One look at every service: what is due is done. */
  look(): Promise<void>;
}

export interface RetentionScheduleParts {
  ledger: Ledger;
  book: ArchiveBook;
  keeper: ArchiveKeeper;
  closings: Pick<ClosingDesk, 'close'>;
  clock: Clock;
  services: readonly ServiceName[];
  kept: KeptMonths;
  onEvent(event: ArchiveEvent): void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The first look is after a while, so that a gateway which starts has better things to do. */
const LOOK_MS = 10 * 60_000;

export function createRetentionSchedule(parts: RetentionScheduleParts): RetentionSchedule {
  const { ledger, book, keeper, closings, clock, services, kept, onEvent, sleep } = parts;
  // A ledger that is away comes back; the next look finds what is due.
  const looks = repeat({ everyMs: LOOK_MS, sleep, turn: look });

  function termsOf(reason: string): WriteTerms {
    return {
      ...{ operator: { name: 'mau-guard', role: 'schedule' }, nowMs: clock.now(), reason },
      ...{ requestId: 'retention', ifMatch: null, repeatable: null },
    };
  }

  /** What of a month is older than is kept and still there; null when nothing is. */
  async function findDue(service: ServiceName, month: Month): Promise<TrimOrder | null> {
    const nowMs = clock.now();
    const due = {
      // Whom the ledger does not know among its people could not be erased from the mint log.
      mints: month < oldestKept(nowMs, Math.min(kept.mintMonths, kept.identityMonths)),
      people: month < oldestKept(nowMs, kept.identityMonths),
    };
    if (!due.mints && !due.people) return null;
    const record = await book.read(service, month);
    if (record?.heldUntil && Date.parse(record.heldUntil) > nowMs) return null;
    const rows = {
      mints: due.mints && record?.mints !== 'trimmed',
      people: due.people && record?.people !== 'trimmed',
    };
    return rows.mints || rows.people ? rows : null;
  }

  async function trim(service: ServiceName, month: Month, rows: TrimOrder): Promise<void> {
    const terms = termsOf('older than retention keeps rows');
    if ((await book.readWork(service)) !== null) return;
    // A ledger that lost its data would freeze the wrong figures; the work itself then says what is wrong.
    const isKnown = await keeper
      .hold(service, null, (job) => findEnd(job).then(() => true))
      .catch(() => false);
    // Another gateway is at work.
    if (isKnown === null) return;
    const closed = isKnown ? await closings.close(service, month, terms) : null;
    if (closed !== null && 'outcome' in closed) return;
    const record = await keeper.work(service, { kind: 'trim', month, rows });
    if (record === null) return;
    const { mintRows, identityRows, number } = record.entry;
    const plan = {
      ...{ change: { kind: 'note' as const }, action: 'month.trim', target: month, before: null },
      after: { entry: number, ...(rows.mints ? { mintRows } : {}), ...(rows.people ? { identityRows } : {}) },
      written: { status: 200 as const, body: {} },
    };
    await makeWrite(ledger, service, plan, terms);
  }

  function tellFailure(service: ServiceName, failure: unknown): void {
    if (looks.signal.aborted) return;
    onEvent({ event: 'archive.failed', kind: 'erase', service, month: monthOf(clock.now()), failure });
  }

  /** Conversations are in no archive: what is forgotten of them is how far people had read. */
  async function sweep(service: ServiceName): Promise<void> {
    const before = oldestKept(clock.now(), kept.conversationMonths);
    if ((await book.readSwept(service)) === before) return;
    await keeper.hold(service, null, async ({ lease, tick, settle }) => {
      // First, so that messages of those months come in no more.
      await lease.save({ sweptBefore: before });
      await settle();
      let after: string | null = null;
      do {
        ({ next: after } = await ledger.retention.trimConversations(service, before, after));
        await tick();
      } while (after !== null);
      onEvent({ event: 'archive.done', kind: 'sweep', service, month: before });
    });
  }

  async function forget(service: ServiceName): Promise<void> {
    if ((await book.readErasures(service)).length === 0) return;
    const done = await keeper.hold(service, null, forgetErased);
    if (done) onEvent({ event: 'archive.done', kind: 'erase', service, month: monthOf(clock.now()) });
  }

  async function look(): Promise<void> {
    for (const service of services) {
      await forget(service).catch((failure: unknown) => tellFailure(service, failure));
      const months = (await ledger.months(service)).filter((month) => month < monthOf(clock.now())).sort();
      for (const month of months) {
        const rows = await findDue(service, month);
        // What failed has been told of; the others have their turn all the same.
        if (rows !== null) await trim(service, month, rows).catch(() => {});
        if (looks.signal.aborted) return;
      }
      await sweep(service);
    }
  }

  return {
    look,
    start: looks.start,
    async stop() {
      const ended = looks.stop();
      await keeper.stop();
      await ended;
    },
  };
}
