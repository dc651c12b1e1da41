import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ArchiveBook, ArchiveTrouble, ArchiveWork, RowState } from './archive-book.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { ArchiveFolder } from './archive-folder.ts';
import { standingEntries } from './verify-archive.ts';

/** How a month stands between ledger and archive. */
export interface MonthArchive {
  month: Month;
  service: ServiceName;
  /** What is being done with it now, on any gateway. */
  running: ArchiveWork['kind'] | null;
  /** Whether the ledger counts anybody in the month. */
  counted: boolean;
  /** As the ledger knows it, else as the folder has it. Null: not in the archive. */
  entry: ArchiveEntry | null;
  /** `absent`: the ledger did not write the entry, and has not put it back; it may have rows of its own. */
  mints: RowState | 'absent';
  people: RowState | 'absent';
  /** ISO-8601. */
  heldUntil: string | null;
  /** How the latest work failed. */
  trouble: ArchiveTrouble | null;
}

/** What is looked at. */
export interface ArchiveSources {
  ledger: Pick<Ledger, 'months'>;
  book: ArchiveBook;
  /** Null: this gateway has none. */
  folderOf: ((service: ServiceName) => Pick<ArchiveFolder, 'entries'>) | null;
}

export async function viewMonth(
  sources: ArchiveSources,
  service: ServiceName,
  month: Month,
): Promise<MonthArchive> {
  const counted = await sources.ledger.months(service);
  const inFolder = await sources.book.read(service, month).then((record) =>
    // The folder is asked only where the ledger knows nothing: a month is looked at again and again while work is done.
    record === null ? readFolder(sources, service) : [],
  );
  return describe(sources.book, service, month, counted, inFolder);
}

/** Every month of the ledger and every month of the folder, newest first. */
export async function listArchive(sources: ArchiveSources, service: ServiceName): Promise<MonthArchive[]> {
  const [counted, inFolder] = await Promise.all([
    sources.ledger.months(service),
    readFolder(sources, service),
  ]);
  const months = new Set([...counted, ...inFolder.map(({ month }) => month)]);
  const newestFirst = [...months].sort().reverse();
  return Promise.all(newestFirst.map((month) => describe(sources.book, service, month, counted, inFolder)));
}

async function readFolder(
  { folderOf }: ArchiveSources,
  service: ServiceName,
): Promise<readonly ArchiveEntry[]> {
  return folderOf === null ? [] : standingEntries(await folderOf(service).entries());
}

async function describe(
  book: ArchiveBook,
  service: ServiceName,
  month: Month,
  counted: readonly Month[],
  inFolder: readonly ArchiveEntry[],
): Promise<MonthArchive> {
  const [record, work, trouble] = await Promise.all([
    book.read(service, month),
    book.readWork(service),
    book.readTrouble(service, month),
  ]);
  const entry = record?.entry ?? inFolder.find((one) => one.month === month) ?? null;
  const isUnknown = entry !== null && (record === null || record.takenUp === true);
  return {
    ...{ month, service, trouble, entry },
    running: work?.month === month ? work.kind : null,
    counted: counted.includes(month),
    mints: isUnknown ? 'absent' : (record?.mints ?? 'kept'),
    people: isUnknown ? 'absent' : (record?.people ?? 'kept'),
    heldUntil: record?.heldUntil ?? null,
  };
}
