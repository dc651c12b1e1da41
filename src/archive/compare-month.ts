import { createHash } from 'node:crypto';
import { amountOf } from '../domain/amount-of.ts';
import type { Month } from '../domain/month.ts';
import type { ErasedPerson, MonthRecord, RowState } from './archive-book.ts';
import { type ArchiveEntry, type ArchivePart, digestsOf } from './archive-entry.ts';
import { linesOf } from './archive-lines.ts';
import type { ArchiveJob } from './job.ts';
import { joinMints } from './join-mints.ts';
import { joinPeople } from './join-people.ts';
import { type Joined, noDifference } from './join-rows.ts';

/** How the ledger differs from an entry of the archive, in all and by part. */
export interface MonthComparison extends Joined {
  mints: Joined;
  identities: Joined;
}

type RowPart = 'mints' | 'identities';
type Comparing = Pick<ArchiveJob, 'ledger' | 'service' | 'tick' | 'folder' | 'book'>;

/** Whether rows of a part are all in the ledger. */
export function isWhole(state: RowState): boolean {
  return state === 'kept' || state === 'stopped';
}

/** Holds the rows that should be in the ledger against those of the entry, whose files are what they were. */
export async function compareMonth(
  job: Comparing,
  { entry, mints, people }: MonthRecord,
): Promise<MonthComparison> {
  const differences = {
    mints: isWhole(mints) ? await comparePart(job, entry, 'mints') : noDifference(),
    identities: isWhole(people) ? await comparePart(job, entry, 'identities') : noDifference(),
  };
  const sum = (of: keyof Joined) => differences.mints[of] + differences.identities[of];
  return { ...differences, missing: sum('missing'), added: sum('added'), clashing: sum('clashing') };
}

/** Compares one part, row by row where the ledger's lines are not the very same. */
export async function comparePart(job: Comparing, entry: ArchiveEntry, part: RowPart): Promise<Joined> {
  const differences = noDifference();
  if ((await digestNow(job, entry.month, part)) === digestsOf(entry)[part].sha256) return differences;
  const erased = await job.book.readErasures(job.service);
  for await (const _ of joinPart(job, entry, part, erased, differences)) await job.tick();
  return differences;
}

/** The ledger's lines of a part, held against those of the entry, and with what that knows beyond them. */
export function joinPart(
  { ledger, service, folder, tick }: Comparing,
  entry: ArchiveEntry,
  part: RowPart,
  erased: readonly ErasedPerson[],
  differences: Joined,
): AsyncGenerator<string, void, undefined> {
  const pseudonyms = new Map(erased.map(({ identity, pseudonym }) => [identity as string, pseudonym]));
  const lines = linesOf(ledger, service, entry.month, part);
  if (part === 'mints') return joinMints(folder.read(entry, part), lines, pseudonyms, differences);
  const archived = { rows: entry.identityRows, read: () => folder.read(entry, part) };
  return joinPeople(archived, lines, pseudonyms, differences, tick);
}

/** Why a month cannot be written anew, and what to do; it names nobody. */
export function saysMissing(month: Month, { mints, identities }: MonthComparison): string {
  const lacks = `the archive holds ${saysRows(identities.missing, mints.missing)} that the ledger does not have`;
  const more = saysRows(identities.added, mints.added);
  const adds = identities.added + mints.added > 0 ? `, and the ledger ${more} that the archive does not` : '';
  return `${month}: ${lacks}${adds}. Put the month back first (mau-guard restore --month ${month}), then order it again.`;
}

function saysRows(people: number, mints: number): string {
  const parts = [
    ...(people > 0 ? [amountOf(people, 'identity', 'identities')] : []),
    ...(mints > 0 ? [amountOf(mints, 'mint')] : []),
  ];
  return parts.join(' and ');
}

/** SHA-256 of the lines that a part would have now. */
async function digestNow(
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
