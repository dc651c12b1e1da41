import { createHash } from 'node:crypto';
import type { Month } from '../domain/month.ts';
import type { MonthRecord } from './archive-book.ts';
import { type ArchivePart, digestsOf } from './archive-entry.ts';
import { linesOf } from './archive-lines.ts';
import { archiveMonth, writeMonth } from './archive-month.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import { verifyParts } from './verify-archive.ts';

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
 * @throws ArchiveUnfit when the archive is not what it was; nothing goes then
 */
export async function trimMonth(job: ArchiveJob, month: Month, order: TrimOrder): Promise<MonthRecord> {
  const { book, service, ledger, tick } = job;
  let record = await archiveMonth(job, month);
  const keep = async (change: Partial<MonthRecord>) => {
    record = { ...record, ...change };
    await book.keep(service, record);
  };

  const stopped = {
    ...(order.mints && record.mints === 'kept' ? { mints: 'stopped' as const } : {}),
    ...(order.people && record.people === 'kept' ? { people: 'stopped' as const } : {}),
  };
  if (Object.keys(stopped).length > 0) {
    await keep(stopped);
    // From here on nothing late comes in; what came just before is in after a moment.
    await job.settle();
  }
  const parts: ArchivePart[] = [
    ...(record.mints === 'stopped' ? (['mints'] as const) : []),
    ...(record.people === 'stopped' ? (['identities'] as const) : []),
  ];
  for (const part of parts) {
    if ((await digestNow(job, month, part)) === digestsOf(record.entry)[part].sha256) continue;
    record = await writeMonth(job, month, record);
    break;
  }
  const faults = await verifyParts(job.folder, record.entry);
  if (faults[0] !== undefined) throw new ArchiveUnfit(`${month}: ${faults[0].says}; nothing was taken out.`);

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

/** SHA-256 of the lines that a part would have now. */
export async function digestNow(
  { ledger, service, tick }: Pick<ArchiveJob, 'ledger' | 'service' | 'tick'>,
  month: Month,
  part: ArchivePart,
): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of linesOf(ledger, service, month, part)) {
    hash.update(piece);
    await tick();
  }
  return hash.digest('hex');
}
