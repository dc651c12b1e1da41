import type { Month } from '../domain/month.ts';
import { readClosedMonth } from '../reconcile/closed-month.ts';
import type { MonthRecord, RowState } from './archive-book.ts';
import {
  ARCHIVE_PARTS,
  type ArchiveEntry,
  type ArchivePart,
  buildEntry,
  hashOfEntry,
  type PartDigest,
} from './archive-entry.ts';
import type { ArchivePlace } from './archive-folder.ts';
import { linesOf, parseMintLine } from './archive-lines.ts';
import { findEnd } from './find-end.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import { verifyParts } from './verify-archive.ts';

/**
 * Writes a closed month to the archive: its parts, read back from the disk, then its entry at the end of the chain, then
 * what the ledger knows of it. A crash between any two of them leaves an archive that the next run goes on with. A month
 * that is there already, whole, stays as it is.
 *
 * @throws ArchiveUnfit
 */
export async function archiveMonth(job: ArchiveJob, month: Month): Promise<MonthRecord> {
  await job.folder.prepare();
  await findEnd(job);
  const record = await job.book.read(job.service, month);
  if (record === null) return writeMonth(job, month, null);
  const faults = await verifyParts(job.folder, record.entry);
  if (faults.length === 0) return record;
  if (record.mints !== 'kept' || record.people !== 'kept') {
    // What is gone from the ledger cannot be written again.
    throw new ArchiveUnfit(`${month}: ${faults[0]?.says}, and rows of it have left the ledger.`);
  }
  return writeMonth(job, month, record);
}

/** Whether rows of a part are all in the ledger. */
export function isWhole(state: RowState): boolean {
  return state === 'kept' || state === 'stopped';
}

/**
 * Writes an entry with what the ledger has now. Parts whose rows have left the ledger are taken over from the entry before.
 *
 * @param before the entry of the month that this one stands for from now on
 */
export async function writeMonth(
  job: ArchiveJob,
  month: Month,
  before: MonthRecord | null,
): Promise<MonthRecord> {
  const { folder, service, ledger } = job;
  const closed = await readClosedMonth(ledger, service, month);
  if (closed === null) throw new ArchiveUnfit(`${month} is not closed.`);
  return writeParts(job, month, before, closed.summary.activeUsers.rules, (part) => {
    const state = part === 'identities' ? before?.people : before?.mints;
    if (before !== null && part !== 'figures' && state !== undefined && !isWhole(state)) {
      return joined(folder.read(before.entry, part));
    }
    return linesOf(ledger, service, month, part);
  });
}

/** Writes an entry with these lines; a month that has an entry already gets a later one. */
export async function writeParts(
  job: ArchiveJob,
  month: Month,
  before: MonthRecord | null,
  rulesVersion: string,
  piecesOf: (part: ArchivePart) => AsyncIterable<string>,
): Promise<MonthRecord> {
  const { folder, book, lease, service, key, clock, tick } = job;
  const end = await findEnd(job);
  const place: ArchivePlace = { number: (end?.number ?? 0) + 1, month };
  const asOf = new Date(clock.now()).toISOString();

  const bounds = { first: 0, last: 0 };
  const digests = {} as Record<ArchivePart, PartDigest>;
  for (const part of ARCHIVE_PARTS) {
    const pieces = part === 'mints' ? watchOrdinals(piecesOf(part), bounds) : piecesOf(part);
    digests[part] = await folder.write(place, part, pieces, tick);
  }

  refuseLess(digests, before);
  const entry: ArchiveEntry = buildEntry(
    {
      ...{ service, ...place, previous: end?.hash ?? null, asOf, digests },
      ...{ rulesVersion, firstOrdinal: bounds.first, lastOrdinal: bounds.last },
    },
    key,
  );
  if (!(await folder.writeEntry(entry))) {
    throw new ArchiveUnfit(`Entry ${place.number} was written by somebody else meanwhile.`);
  }
  const record: MonthRecord = {
    ...{ entry, heldUntil: before?.heldUntil ?? null },
    ...{ mints: before?.mints ?? 'kept', people: before?.people ?? 'kept' },
  };
  await book.keep(service, record);
  await lease.save({ head: { number: entry.number, hash: hashOfEntry(entry) } });
  if (before !== null) await folder.removeParts(before.entry);
  return record;
}

/** A ledger that lost rows must not take them out of the archive, too. */
function refuseLess(digests: Record<ArchivePart, PartDigest>, before: MonthRecord | null): void {
  if (before === null) return;
  const { month, mintRows, identityRows } = before.entry;
  if (digests.mints.rows >= mintRows && digests.identities.rows >= identityRows) return;
  throw new ArchiveUnfit(`${month}: the ledger has fewer rows than the archive; put them back first.`);
}

export async function* joined(groups: AsyncIterable<string[]>): AsyncGenerator<string> {
  for await (const lines of groups) yield `${lines.join('\n')}\n`;
}

/** Notes the ordinals of the first and the last row that pass by. */
async function* watchOrdinals(
  pieces: AsyncIterable<string>,
  bounds: { first: number; last: number },
): AsyncGenerator<string> {
  for await (const piece of pieces) {
    const lines = piece.split('\n');
    if (bounds.first === 0) bounds.first = parseMintLine(lines[0] ?? '').ordinal;
    // Behind the last line end there is nothing.
    bounds.last = parseMintLine(lines.at(-2) ?? '').ordinal;
    yield piece;
  }
}
