import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ArchiveBook, ArchiveTrouble, ArchiveWork, RowState } from './archive-book.ts';
import type { ArchiveEntry } from './archive-entry.ts';

/** How a month stands between ledger and archive. */
export interface MonthArchive {
  month: Month;
  service: ServiceName;
  /** What is being done with it now, on any gateway. */
  running: ArchiveWork['kind'] | null;
  /** Null: not in the archive. */
  entry: ArchiveEntry | null;
  mints: RowState;
  people: RowState;
  /** ISO-8601. */
  heldUntil: string | null;
  /** How the latest work failed. */
  trouble: ArchiveTrouble | null;
}

export async function viewMonth(
  book: ArchiveBook,
  service: ServiceName,
  month: Month,
): Promise<MonthArchive> {
  const [record, work, trouble] = await Promise.all([
    book.read(service, month),
    book.readWork(service),
    book.readTrouble(service, month),
  ]);
  return {
    ...{ month, service, trouble },
    running: work?.month === month ? work.kind : null,
    entry: record?.entry ?? null,
    ...{ mints: record?.mints ?? 'kept', people: record?.people ?? 'kept' },
    heldUntil: record?.heldUntil ?? null,
  };
}

/** Every month of the ledger, newest first. */
export async function listArchive(
  ledger: Pick<Ledger, 'months'>,
  book: ArchiveBook,
  service: ServiceName,
): Promise<MonthArchive[]> {
  const months = await ledger.months(service);
  return Promise.all(months.map((month) => viewMonth(book, service, month)));
}
