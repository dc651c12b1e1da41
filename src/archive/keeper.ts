import type { Clock } from '../domain/clock.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ManifestKey, PublicJwk } from '../reports/manifest-key.ts';
import type { ArchiveBook, ArchiveWork, MonthRecord } from './archive-book.ts';
import { openArchiveFolder } from './archive-folder.ts';
import { archiveMonth } from './archive-month.ts';
import { forgetErased } from './erase-archived.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import type { ArchiveEvent } from './ports.ts';
import { restoreMonth } from './restore-month.ts';
import { type TrimOrder, trimMonth } from './trim-month.ts';

/** Does what is ordered of the archive, one piece at a time for a service, on one gateway. */
export interface ArchiveKeeper {
  /**
   * Resolves with what is kept of the month then; null when another piece of work is under way.
   *
   * @throws ArchiveUnfit when it cannot be done as things are
   */
  work(service: ServiceName, order: ArchiveOrder): Promise<MonthRecord | null>;
  /** The right to do this next, with nothing else under way until then; null while another piece of work is. */
  take(service: ServiceName, order: ArchiveOrder): Promise<ArchiveTurn | null>;
  /** Runs something under the lease of the service; null when another gateway has it. */
  hold<Result>(
    service: ServiceName,
    work: ArchiveWork | null,
    run: (job: ArchiveJob) => Promise<Result>,
  ): Promise<Result | null>;
  /** Breaks off what is under way, between two slices, and resolves when it has ended. */
  stop(): Promise<void>;
}

/** Holds the lease of the service until it ends, which is by one of these two. */
export interface ArchiveTurn {
  /** @throws ArchiveUnfit when it cannot be done as things are */
  work(): Promise<MonthRecord>;
  /** Does nothing. */
  leave(): Promise<void>;
}

export type ArchiveOrder =
  | { kind: 'archive' | 'restore'; month: Month }
  | { kind: 'trim'; month: Month; rows: TrimOrder };

export interface ArchiveKeeperParts {
  ledger: Ledger;
  book: ArchiveBook;
  /** Root folder of the archive. */
  root: string;
  clock: Clock;
  key: ManifestKey | null;
  publicKeys: readonly PublicJwk[];
  /** Waits until calls of any gateway that were under way have ended. */
  settle(signal: AbortSignal): Promise<void>;
  onEvent(event: ArchiveEvent): void;
}

export function createArchiveKeeper(parts: ArchiveKeeperParts): ArchiveKeeper {
  const { ledger, book, root, clock, key, publicKeys, settle, onEvent } = parts;
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();

  /** Answers what runs one piece of work under the lease and then gives that back; null when another gateway has it. */
  async function takeLease(service: ServiceName, work: ArchiveWork | null) {
    stopping.signal.throwIfAborted();
    const lease = await book.take(service, work);
    if (lease === null) return null;
    const job: ArchiveJob = {
      ...{ service, ledger, book, lease, clock, key, publicKeys },
      folder: openArchiveFolder(root, service),
      unknownChain: work?.kind === 'restore' ? 'take-up' : 'refuse',
      async tick() {
        stopping.signal.throwIfAborted();
        await lease.renew();
      },
      settle: () => settle(stopping.signal),
    };
    return function runLeased<Result>(run: (job: ArchiveJob) => Promise<Result>): Promise<Result> {
      const done = run(job).finally(() => lease.release().catch(() => {}));
      running.add(done);
      // Whoever ordered it is told what went wrong.
      done.catch(() => {}).finally(() => running.delete(done));
      return done;
    };
  }

  async function take(service: ServiceName, order: ArchiveOrder): Promise<ArchiveTurn | null> {
    const { kind, month } = order;
    const runLeased = await takeLease(service, { kind, month });
    if (runLeased === null) return null;
    return { work: () => runLeased((job) => perform(job, order)), leave: () => runLeased(async () => {}) };
  }

  async function perform(job: ArchiveJob, order: ArchiveOrder): Promise<MonthRecord> {
    const { service } = job;
    const { kind, month } = order;
    try {
      // A restoration must not bring them back. Other work may be what mends the archive, and the schedule asks again.
      if (kind === 'restore') await forgetErased(job);
      const record = await (order.kind === 'trim'
        ? trimMonth(job, month, order.rows)
        : order.kind === 'restore'
          ? restoreMonth(job, month)
          : archiveMonth(job, month));
      await book.keepTrouble(service, month, null);
      onEvent({ event: 'archive.done', kind, service, month });
      return record;
    } catch (failure) {
      if (!stopping.signal.aborted) {
        onEvent({ event: 'archive.failed', kind, service, month, failure });
        const at = new Date(clock.now()).toISOString();
        await book.keepTrouble(service, month, { at, kind, says: saysOf(failure) }).catch(() => {});
      }
      throw failure;
    }
  }

  return {
    take,
    async work(service, order) {
      const turn = await take(service, order);
      return turn === null ? null : turn.work();
    },
    async hold(service, work, run) {
      const runLeased = await takeLease(service, work);
      return runLeased === null ? null : runLeased(run);
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
    },
  };
}

/** For operators: what they can do something about, and nothing of the inside. */
function saysOf(failure: unknown): string {
  if (failure instanceof ArchiveUnfit) return failure.message;
  const code = (failure as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return 'The disk of the archive is full.';
  if (code === 'EACCES' || code === 'EROFS') return 'The folder of the archive cannot be written.';
  return 'It broke off; the log of the gateway says why. It goes on where it was when it is ordered again.';
}
