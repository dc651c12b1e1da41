import { createAttempts } from '../async/create-attempts.ts';
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
  /** Takes what else failed, once until it succeeds; `part` is the service, with the month where it is about one. */
  onFailure(part: string, failure: unknown): void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The first look is after a while, so that a gateway which starts has better things to do. */
const LOOK_MS = 10 * 60_000;

export function createRetentionSchedule(parts: RetentionScheduleParts): RetentionSchedule {
  const { ledger, book, keeper, closings, clock, services, kept, onEvent, sleep } = parts;
  const attempt = createAttempts();
  // A ledger that is away comes back; the next look finds what is due.
  const looks = repeat({
    ...{ everyMs: LOOK_MS, sleep, turn: look },
    onFailure: (failure) => parts.onFailure('all', failure),
  });

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
    const turn = await keeper.take(service, { kind: 'trim', month, rows });
    // Null: the keeper has told what failed.
    const record = (await turn?.work().catch(() => null)) ?? null;
    if (record === null) return;
    const { mintRows, identityRows, number } = record.entry;
    const plan = {
      ...{ change: { kind: 'note' as const }, action: 'month.trim', target: month, before: null },
      after: { entry: number, ...(rows.mints ? { mintRows } : {}), ...(rows.people ? { identityRows } : {}) },
      written: { status: 200 as const, body: {} },
    };
    await makeWrite(ledger, service, plan, terms);
  }

  /** By itself: the others have their turn all the same. */
  function tryWork(service: ServiceName, kind: 'sweep' | 'erase', work: () => Promise<void>): Promise<void> {
    return attempt(`${kind} ${service}`, work, (failure) => {
      if (looks.signal.aborted) return;
      onEvent({ event: 'archive.failed', kind, service, month: monthOf(clock.now()), failure });
    });
  }

  /** The same for what nobody else tells of. */
  function tryPart(part: string, work: () => Promise<void>): Promise<void> {
    return attempt(part, work, (failure) => {
      if (!looks.signal.aborted) parts.onFailure(part, failure);
    });
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

  async function trimDue(service: ServiceName): Promise<void> {
    const months = (await ledger.months(service)).filter((month) => month < monthOf(clock.now())).sort();
    for (const month of months) {
      await tryPart(`${service} ${month}`, async () => {
        const rows = await findDue(service, month);
        if (rows !== null) await trim(service, month, rows);
      });
      if (looks.signal.aborted) return;
    }
  }

  async function look(): Promise<void> {
    for (const service of services) {
      await tryWork(service, 'erase', () => forget(service));
      await tryPart(service, () => trimDue(service));
      if (looks.signal.aborted) return;
      await tryWork(service, 'sweep', () => sweep(service));
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
