import type { ErasedPerson, MonthRecord } from './archive-book.ts';
import type { ArchivePart } from './archive-entry.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import { type Pseudonyms, rename } from './join-rows.ts';
import { openChain } from './open-chain.ts';
import { standingEntries, verifyParts } from './verify-archive.ts';
import { joined, writeParts } from './write-parts.ts';

/** Erases from the archive whoever was erased since the last time. Answers whether there was anybody. */
export async function forgetErased(job: ArchiveJob): Promise<boolean> {
  const { book, service } = job;
  const erased = await book.readErasures(service);
  if (erased.length === 0) return false;
  await eraseArchived(job, erased);
  const names = new Set(erased.map(({ identity }) => identity));
  await book.changeErasures(service, (now) => now.filter(({ identity }) => !names.has(identity)));
  return true;
}

/**
 * Puts pseudonyms in the place of erased people in every month of the archive that knows them: such a month is written
 * anew as the last entry of the chain, which keeps the entry before it, and the files that named them go. May be repeated.
 *
 * @throws ArchiveUnfit when files of a month are not what they were; the other months are done then
 */
async function eraseArchived(job: ArchiveJob, erased: readonly ErasedPerson[]): Promise<void> {
  const { folder, book, service } = job;
  const pseudonyms: Pseudonyms = new Map(erased.map(({ identity, pseudonym }) => [identity, pseudonym]));
  await openChain(job);
  let hindrance: ArchiveUnfit | null = null;
  for (const { month } of standingEntries(await folder.entries())) {
    const record = await book.read(service, month);
    if (record === null) continue;
    // First, so that only lines of ours are read.
    const [fault] = await verifyParts(folder, record.entry);
    if (fault !== undefined) {
      hindrance ??= new ArchiveUnfit(`${month}: ${fault.says}; nobody was erased from it.`);
      continue;
    }
    if (!(await isKnown(job, record, pseudonyms))) continue;
    await writeParts(job, month, record, record.entry.rulesVersion, (part) =>
      part === 'figures'
        ? joined(folder.read(record.entry, part))
        : joined(renamed(folder.read(record.entry, part), pseudonyms)),
    );
  }
  if (hindrance !== null) throw hindrance;
}

async function isKnown(
  { folder, tick }: ArchiveJob,
  { entry }: MonthRecord,
  pseudonyms: Pseudonyms,
): Promise<boolean> {
  const parts: ArchivePart[] = ['identities', 'mints'];
  for (const part of parts) {
    for await (const lines of folder.read(entry, part)) {
      if (lines.some((line) => rename(line, pseudonyms) !== line)) return true;
      await tick();
    }
  }
  return false;
}

async function* renamed(groups: AsyncIterable<string[]>, pseudonyms: Pseudonyms): AsyncGenerator<string[]> {
  for await (const lines of groups) yield lines.map((line) => rename(line, pseudonyms));
}
