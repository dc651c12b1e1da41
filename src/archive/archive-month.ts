import { isDeepStrictEqual } from 'node:util';
import type { Month } from '../domain/month.ts';
import { readClosedMonth } from '../reconcile/closed-month.ts';
import type { MonthRecord } from './archive-book.ts';
import { type ArchivedFigures, linesOf, parseFigureLine } from './archive-lines.ts';
import { compareMonth, isWhole, joinPart, type MonthComparison, saysMissing } from './compare-month.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import { noDifference } from './join-rows.ts';
import { openChain } from './open-chain.ts';
import { verifyParts } from './verify-archive.ts';
import { joined, writeParts } from './write-parts.ts';

/**
 * Writes a closed month to the archive: its parts, read back from the disk, then its entry at the end of the chain, then
 * what the ledger knows of it. A crash between any two of them leaves an archive that the next run goes on with. A month
 * that is there already, with all that the ledger has, stays as it is; one of which the ledger knows more by now is written
 * anew, if the ledger has everything that the archive has.
 *
 * @throws ArchiveUnfit
 */
export async function archiveMonth(job: ArchiveJob, month: Month): Promise<MonthRecord> {
  return (await bringUpToDate(job, month)).record;
}

/** The same, and how the ledger differs from the entry that was there before. */
export async function bringUpToDate(
  job: ArchiveJob,
  month: Month,
): Promise<{ record: MonthRecord; compared: MonthComparison | null }> {
  const { book, folder, service } = job;
  await openChain(job);
  let record = await book.read(service, month);
  if (record === null) return { record: await writeMonth(job, month, null), compared: null };
  const [fault] = await verifyParts(folder, record.entry);
  if (fault !== undefined) {
    refuseToMend(record, fault.says);
    return { record: await writeMonth(job, month, record), compared: null };
  }
  const compared = await compareMonth(job, record);
  if (compared.added > 0) {
    if (compared.missing > 0) throw new ArchiveUnfit(saysMissing(month, compared));
    record = await writeMonth(job, month, record);
  }
  if (compared.missing === 0 && record.takenUp) {
    // The ledger has all of it, wherever it knew the entry from.
    const { takenUp: _, ...known } = record;
    await book.keep(service, known);
    record = known;
  }
  return { record, compared };
}

/** Damaged files are written anew only from a ledger that is known to have had every row of them. */
function refuseToMend({ entry: { month }, mints, people, takenUp }: MonthRecord, says: string): void {
  if (!isWhole(mints) || !isWhole(people)) {
    // What is gone from the ledger cannot be written again.
    throw new ArchiveUnfit(`${month}: ${says}, and rows of it have left the ledger.`);
  }
  if (takenUp) {
    throw new ArchiveUnfit(`${month}: ${says}, and this ledger did not write it: put the file back first.`);
  }
}

/**
 * Writes an entry with what the ledger has now, and with whatever the entry before knows of these people beyond that.
 * Parts whose rows have left the ledger are taken over from the entry before.
 *
 * @param before the entry of the month that this one stands for from now on
 * @throws ArchiveUnfit when the entry before has somebody or a mint that the ledger does not have; nothing is written then
 */
export async function writeMonth(
  job: ArchiveJob,
  month: Month,
  before: MonthRecord | null,
): Promise<MonthRecord> {
  const { folder, service, ledger } = job;
  const closed = await readClosedMonth(ledger, service, month);
  if (closed === null) throw new ArchiveUnfit(`${month} is not closed.`);
  const intact = before === null ? [] : await intactParts(job, before);
  return writeParts(job, month, before, closed.summary.activeUsers.rules, (part) => {
    const lines = linesOf(ledger, service, month, part);
    if (before === null) return lines;
    if (part === 'figures') return keepClosings(job, before, lines);
    const { entry, mints, people } = before;
    if (!isWhole(part === 'identities' ? people : mints)) return joined(folder.read(entry, part));
    return intact.includes(part) ? keepAll(job, before, part) : refuseFewer(lines, before, part);
  });
}

/** The ledger's figures, and the closings of the entry before where they are other ones. */
async function* keepClosings(
  { folder }: ArchiveJob,
  { entry }: MonthRecord,
  lines: AsyncIterable<string>,
): AsyncGenerator<string> {
  const archived: ArchivedFigures[] = [];
  if ((await folder.measure(entry, 'figures'))?.sha256 === entry.figureSha256) {
    for await (const group of folder.read(entry, 'figures')) archived.push(...group.map(parseFigureLine));
  }
  for await (const line of lines) {
    const figures = parseFigureLine(line);
    const closings = archived.flatMap(({ earlier = [], closed }) => [
      ...earlier,
      ...(closed ? [closed] : []),
    ]);
    const earlier = closings.filter((closing) => !isDeepStrictEqual(closing, figures.closed));
    yield earlier.length === 0 ? line : `${JSON.stringify({ ...figures, earlier })}\n`;
  }
}

type RowPart = 'mints' | 'identities';

async function intactParts({ folder }: ArchiveJob, { entry }: MonthRecord): Promise<RowPart[]> {
  const intact: RowPart[] = [];
  const digests = { mints: entry.mintSha256, identities: entry.identitySha256 };
  for (const part of ['mints', 'identities'] as const) {
    if ((await folder.measure(entry, part))?.sha256 === digests[part]) intact.push(part);
  }
  return intact;
}

/** What was read last decides, not what was compared before: rows may have been lost between the two. */
async function* keepAll(job: ArchiveJob, before: MonthRecord, part: RowPart): AsyncGenerator<string> {
  const differences = noDifference();
  yield* joinPart(job, before.entry, part, await job.book.readErasures(job.service), differences);
  if (differences.missing === 0) return;
  const compared = { ...differences, mints: noDifference(), identities: noDifference() };
  compared[part] = differences;
  throw new ArchiveUnfit(saysMissing(before.entry.month, compared));
}

/** Of a part that cannot be read any more its entry tells no more than how many rows there were. */
async function* refuseFewer(
  lines: AsyncIterable<string>,
  { entry }: MonthRecord,
  part: RowPart,
): AsyncGenerator<string> {
  let rows = 0;
  for await (const piece of lines) {
    rows += piece.split('\n').length - 1;
    yield piece;
  }
  if (rows >= (part === 'mints' ? entry.mintRows : entry.identityRows)) return;
  throw new ArchiveUnfit(
    `${entry.month}: the ledger has fewer rows than the archive; put the file back first.`,
  );
}
