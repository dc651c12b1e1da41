import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import {
  ARCHIVE_PARTS,
  type ArchiveEntry,
  type ArchivePart,
  digestsOf,
  hashOfEntry,
} from './archive-entry.ts';
import type { ArchiveFolder, StoredEntry } from './archive-folder.ts';
import { type ArchiveFinding, type ChainHead, type ChainTerms, verifyChain } from './verify-chain.ts';

/** Whether an archive is what it was. */
export interface ArchiveVerification {
  service: ServiceName;
  ok: boolean;
  /** Months whose files were read, oldest first. */
  months: Month[];
  entries: number;
  /** To be kept elsewhere: it tells a chain whose end was cut off. Null for an empty one. */
  head: ChainHead | null;
  findings: ArchiveFinding[];
  /**
   * Months whose files were read and that the ledger has not put back, nor written itself, oldest first. Empty when no
   * ledger was asked.
   */
  unknown: Month[];
}

/** What is known of the archive from the ledger. */
export interface KnownMonth {
  month: Month;
  number: number;
  hash: string;
}

/** Reads every entry and every file; holds a few lines at a time. */
export async function verifyArchive(
  folder: ArchiveFolder,
  service: ServiceName,
  terms: ChainTerms,
  known: readonly KnownMonth[] = [],
): Promise<ArchiveVerification> {
  const stored = await folder.entries();
  const findings = verifyChain(stored, terms);
  const standing = standingEntries(stored);
  for (const { month, number, hash } of known) {
    const found = stored.find((one) => one.number === number && one.month === month);
    if (found === undefined) {
      findings.push({ month, number, kind: 'missing', says: 'the ledger knows it, and its entry is gone' });
    } else if (found.entry !== null && hashOfEntry(found.entry) !== hash) {
      findings.push({
        month,
        number,
        kind: 'changed',
        says: 'its entry is another one than the ledger knows',
      });
    }
  }
  for (const entry of standing) findings.push(...(await verifyParts(folder, entry, standing)));
  const last = stored.findLast((one) => one.entry !== null)?.entry;
  return {
    ...{ service, ok: findings.length === 0, findings, entries: stored.length },
    months: standing.map(({ month }) => month).sort(),
    head: last ? { number: last.number, hash: hashOfEntry(last) } : null,
    unknown: [],
  };
}

/** The entry that holds for each month: a later one stands for those before it. */
export function standingEntries(stored: readonly StoredEntry[]): ArchiveEntry[] {
  const byMonth = new Map<Month, ArchiveEntry>();
  for (const { entry } of stored) if (entry !== null) byMonth.set(entry.month, entry);
  return [...byMonth.values()];
}

const WORDS: Record<ArchivePart, string> = {
  mints: 'mint log',
  identities: 'list of identities',
  figures: 'figures',
};

/** Whether the files of a month are those that its entry speaks of. */
export async function verifyParts(
  folder: Pick<ArchiveFolder, 'measure'>,
  entry: ArchiveEntry,
  others: readonly ArchiveEntry[] = [],
): Promise<ArchiveFinding[]> {
  const { month, number } = entry;
  const findings: ArchiveFinding[] = [];
  for (const part of ARCHIVE_PARTS) {
    const expected = digestsOf(entry)[part];
    const found = await folder.measure(entry, part);
    if (found === null) {
      const says = `its ${WORDS[part]} is missing, or cannot be unpacked`;
      findings.push({ month, number, kind: 'missing', says });
      continue;
    }
    if (found.sha256 === expected.sha256 && found.rows === expected.rows) continue;
    const twin = others.find((other) => other !== entry && digestsOf(other)[part].sha256 === found.sha256);
    findings.push(
      twin === undefined
        ? { month, number, kind: 'changed', says: saysOf(part, expected.rows, found.rows) }
        : { month, number, kind: 'reordered', says: `its ${WORDS[part]} is that of ${twin.month}` },
    );
  }
  return findings;
}

function saysOf(part: ArchivePart, expected: number, found: number): string {
  const what = `its ${WORDS[part]} was changed (SHA-256)`;
  return expected === found ? what : `${what}: ${found} rows where there were ${expected}`;
}
