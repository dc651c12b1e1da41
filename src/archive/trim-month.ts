import type { Month } from '../domain/month.ts';
import type { MonthRecord } from './archive-book.ts';
import { bringUpToDate } from './archive-month.ts';
import { saysMissing } from './compare-month.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';

/** Which rows of a month are to leave the ledger. */
export interface TrimOrder {
  mints: boolean;
  people: boolean;
}

/**
 * Takes rows of a month out of the ledger, once the archive has them: it is written if need be, and written anew when the
 * ledger knows more by now. How far it is stands in the record before anything goes, so that a run that broke off is gone
 * on with. Answers what is kept of the month then.
 *
 * @throws ArchiveUnfit when the archive is not what it was, or has rows that the ledger does not have; nothing goes then
 */
export async function trimMonth(job: ArchiveJob, month: Month, order: TrimOrder): Promise<MonthRecord> {
  const { book, service, ledger, tick } = job;
  let record = await stopMonth(job, month, order).catch(async (failure: unknown) => {
    await takeLateAgain(job, month).catch(() => {});
    throw failure;
  });
  const keep = async (change: Partial<MonthRecord>) => {
    record = { ...record, ...change };
    await book.keep(service, record);
  };

  if (record.mints === 'stopped') await keep({ mints: 'trimming' });
  if (record.people === 'stopped') await keep({ people: 'trimming' });
  if (record.mints === 'trimming') {
    while (!(await ledger.retention.trimMints(service, month, record.entry.lastOrdinal))) await tick();
    await keep({ mints: 'trimmed' });
  }
  if (record.people === 'trimming') {
    let after: string | null = null;
    do {
      ({ next: after } = await ledger.retention.trimPeople(service, month, after));
      await tick();
    } while (after !== null);
    await keep({ people: 'trimmed' });
  }
  return record;
}

/** The month takes nothing late any more, and the archive has all of it. */
async function stopMonth(job: ArchiveJob, month: Month, order: TrimOrder): Promise<MonthRecord> {
  let record = await bringWhole(job, month);
  const stopped = {
    ...(order.mints && record.mints === 'kept' ? { mints: 'stopped' as const } : {}),
    ...(order.people && record.people === 'kept' ? { people: 'stopped' as const } : {}),
  };
  if (Object.keys(stopped).length > 0) {
    await job.book.keep(job.service, { ...record, ...stopped });
    // From here on nothing late comes in; what came just before is in after a moment.
    await job.settle();
    record = await bringWhole(job, month);
  }
  return record;
}

/** An archive that has what the ledger has, and a ledger that has what the archive has: its counts hold for good then. */
async function bringWhole(job: ArchiveJob, month: Month): Promise<MonthRecord> {
  const { record, compared } = await bringUpToDate(job, month);
  if (compared !== null && compared.missing > 0) throw new ArchiveUnfit(saysMissing(month, compared));
  return record;
}

/** A month that does not leave takes again what comes late. */
async function takeLateAgain({ book, lease, service }: ArchiveJob, month: Month): Promise<void> {
  // Fails when the archive is another gateway's now, which has its own view of the month.
  await lease.save({});
  const record = await book.read(service, month);
  if (record === null) return;
  const { mints, people } = record;
  await book.keep(service, {
    ...record,
    ...(mints === 'stopped' ? { mints: 'kept' as const } : {}),
    ...(people === 'stopped' ? { people: 'kept' as const } : {}),
  });
}
