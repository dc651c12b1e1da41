import type { Month } from '../domain/month.ts';
import type { MonthRecord } from './archive-book.ts';
import {
  ARCHIVE_PARTS,
  type ArchivePart,
  buildEntry,
  hashOfEntry,
  type PartDigest,
} from './archive-entry.ts';
import type { ArchivePlace } from './archive-folder.ts';
import { parseMintLine } from './archive-lines.ts';
import { findEnd } from './find-end.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';

/**
 * Writes an entry with these lines, at the end of the chain; a month that has an entry already gets a later one, and the
 * parts of the earlier one go: whatever they hold has to be in the lines. What is begun is noted before, so that the next
 * run finishes or removes what a crash left; a failure removes what was written at once.
 *
 * @param before what is known of the entry that this one stands for from now on
 */
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
  const begun = { ...place, hash: null, replaces: before?.entry.number ?? null };
  await lease.save({ begun });
  const asOf = new Date(clock.now()).toISOString();

  const bounds = { first: 0, last: 0 };
  const digests = {} as Record<ArchivePart, PartDigest>;
  try {
    for (const part of ARCHIVE_PARTS) {
      const pieces = part === 'mints' ? watchOrdinals(piecesOf(part), bounds) : piecesOf(part);
      digests[part] = await folder.write(place, part, pieces, tick);
    }
  } catch (failure) {
    await removeBegun(job, place).catch(() => {});
    throw failure;
  }

  const entry = buildEntry(
    {
      ...{ service, ...place, previous: end?.hash ?? null, asOf, digests },
      ...{ rulesVersion, firstOrdinal: bounds.first, lastOrdinal: bounds.last },
    },
    key,
  );
  const hash = hashOfEntry(entry);
  await lease.save({ begun: { ...begun, hash } });
  if (!(await folder.writeEntry(entry))) {
    throw new ArchiveUnfit(`Entry ${place.number} was written by somebody else meanwhile.`);
  }
  const record: MonthRecord = {
    ...{ entry, heldUntil: before?.heldUntil ?? null },
    ...{ mints: before?.mints ?? 'kept', people: before?.people ?? 'kept' },
    ...(before?.takenUp ? { takenUp: true } : {}),
  };
  await book.keep(service, record);
  await lease.save({ head: { number: entry.number, hash } });
  if (before !== null) await folder.removeParts(before.entry);
  await lease.save({ begun: null });
  return record;
}

/** Only while the archive is ours: another gateway may be writing under the same names. */
async function removeBegun({ lease, folder }: ArchiveJob, place: ArchivePlace): Promise<void> {
  await lease.save({});
  await folder.removeParts(place);
  await folder.prepare();
}

/** Lines as pieces of text. */
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
