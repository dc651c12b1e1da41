import type { Month } from '../domain/month.ts';
import type { MintRecord } from '../ledger/records.ts';
import { MINTS_BACK_MAX, PEOPLE_BACK_MAX, type PeopleBack } from '../ledger/retention.ts';
import { CLOSED } from '../reconcile/closed-month.ts';
import type { MonthRecord } from './archive-book.ts';
import { parseFigureLine, parseMintLine, parsePersonLine } from './archive-lines.ts';
import { comparePart, isWhole } from './compare-month.ts';
import { findEnd } from './find-end.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import { verifyParts } from './verify-archive.ts';

/** How long the schedule leaves a month alone that was put back. */
const HOLD_MS = 7 * 86_400_000;

/**
 * Puts a month of the archive back into the ledger: mint log, people and figures. What was taken out by retention finds
 * its counts there; into a ledger that lost the month, people come with their counts. Only files that are what the chain
 * says are read; whatever of the month is in the ledger stays. Safe to repeat.
 *
 * @throws ArchiveUnfit
 */
export async function restoreMonth(job: ArchiveJob, month: Month): Promise<MonthRecord> {
  const { folder, book, service, ledger, clock } = job;
  await findEnd(job);
  const record = await book.read(service, month);
  if (record === null) throw new ArchiveUnfit(`${month} is not in the archive.`);
  const { entry } = record;
  const [fault] = await verifyParts(folder, entry);
  if (fault !== undefined) throw new ArchiveUnfit(`${month}: ${fault.says}; nothing was put back.`);

  const { missing, clashing } = await comparePart(job, entry, 'mints');
  if (clashing > 0) {
    throw new ArchiveUnfit(
      `${month}: the ledger logged ${clashing} mints of its own under numbers of archived ones; nothing was put back. ` +
        'Export them (mau-guard export --what mints), and restore into a ledger without them.',
    );
  }
  if (missing > 0) await restoreMints(job, record);
  await restorePeople(job, record, isWhole(record.people) ? 'count' : 'place');
  for await (const lines of folder.read(entry, 'figures')) {
    for (const line of lines) {
      const { closed, earlier: _, ...figures } = parseFigureLine(line);
      await ledger.retention.raiseFigures(service, month, figures);
      const document = { name: CLOSED, text: JSON.stringify(closed) };
      if (closed !== null) await ledger.keepDocument(service, month, document, null);
    }
  }
  const restored: MonthRecord = {
    ...{ entry, mints: 'kept', people: 'kept' },
    heldUntil: new Date(clock.now() + HOLD_MS).toISOString(),
  };
  await book.keep(service, restored);
  return restored;
}

async function restoreMints(
  { folder, ledger, service, tick }: ArchiveJob,
  { entry }: MonthRecord,
): Promise<void> {
  const { month, lastOrdinal } = entry;
  let after: number | null = null;
  for await (const lines of folder.read(entry, 'mints')) {
    for (let from = 0; from < lines.length; from += MINTS_BACK_MAX) {
      const rows: MintRecord[] = lines.slice(from, from + MINTS_BACK_MAX).map(parseMintLine);
      await ledger.retention.restoreMints(service, month, { after, rows });
      after = rows.at(-1)?.ordinal ?? after;
      await tick();
    }
  }
  if (after !== null) await ledger.retention.finishMints(service, month, lastOrdinal);
}

async function restorePeople(
  { folder, ledger, service, tick }: ArchiveJob,
  { entry }: MonthRecord,
  how: PeopleBack,
): Promise<void> {
  for await (const lines of folder.read(entry, 'identities')) {
    for (let from = 0; from < lines.length; from += PEOPLE_BACK_MAX) {
      const people = lines.slice(from, from + PEOPLE_BACK_MAX).map(parsePersonLine);
      await ledger.retention.restorePeople(service, entry.month, people, how);
      await tick();
    }
  }
}
