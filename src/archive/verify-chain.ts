import type { Month } from '../domain/month.ts';
import { canonicalBytes } from '../reports/manifest.ts';
import { isSignedBy, type PublicJwk } from '../reports/manifest-key.ts';
import { type ArchiveEntry, hashOfEntry } from './archive-entry.ts';
import type { ArchivePlace, StoredEntry } from './archive-folder.ts';

/** What is wrong with a month in the archive. */
export interface ArchiveFinding {
  /** Null when it cannot be told which month it was. */
  month: Month | null;
  /** Place in the chain. */
  number: number;
  /**
   * `changed`: not the bytes that were archived. `missing`: was there once. `reordered`: stands where another month
   * belongs. `unsigned`, `unknown-key`: nothing says who made it, where something should.
   */
  kind: 'changed' | 'missing' | 'reordered' | 'unsigned' | 'unknown-key';
  says: string;
}

/** The newest entry that is known from elsewhere: a chain alone cannot tell that its end is missing. */
export interface ChainHead {
  number: number;
  hash: string;
}

export interface ChainTerms {
  head: ChainHead | null;
  /** Public keys that may have signed. */
  keys: readonly PublicJwk[];
  /** True when the end of the chain has to be signed; a signed entry vouches for those before it. */
  mustBeSigned: boolean;
}

/** Walks the entries from the first to the last; the files that they speak of are not looked at. */
export function verifyChain(stored: readonly StoredEntry[], terms: ChainTerms): ArchiveFinding[] {
  const findings: ArchiveFinding[] = [];
  const whole = stored.filter((one): one is WholeEntry => one.entry !== null);
  const vouched = stored.findLast(({ entry }) => entry !== null && isSigned(entry, terms))?.number ?? 0;
  for (const place of stored) {
    findings.push(
      ...ownFaults(place, { ...terms, mustBeSigned: terms.mustBeSigned && place.number > vouched }),
    );
  }
  findings.push(...gaps(stored, terms.head));
  for (const [position, { number, month, entry }] of whole.entries()) {
    const next = whole[position + 1];
    const expected =
      next?.number === number + 1
        ? next.entry.previous
        : terms.head?.number === number
          ? terms.head.hash
          : undefined;
    if (expected === undefined || expected === hashOfEntry(entry)) continue;
    const other = whole.find((one) => hashOfEntry(one.entry) === expected);
    findings.push(
      other === undefined
        ? { month, number, kind: 'changed', says: `the entry after it does not know it: it was changed` }
        : { month, number, kind: 'reordered', says: `${other.month} belongs in its place` },
    );
  }
  return findings;
}

type WholeEntry = ArchivePlace & { entry: ArchiveEntry };

function isSigned(entry: ArchiveEntry, { keys }: ChainTerms): boolean {
  const key = keys.find(({ kid }) => kid === entry.kid);
  const { signature } = entry;
  return key !== undefined && signature !== null && isSignedBy(key, canonicalBytes({ ...entry }), signature);
}

/** What an entry shows by itself. */
function ownFaults(
  { number, month, entry }: StoredEntry,
  { keys, mustBeSigned }: ChainTerms,
): ArchiveFinding[] {
  const fault = (kind: ArchiveFinding['kind'], says: string): ArchiveFinding => ({
    month,
    number,
    kind,
    says,
  });
  if (entry === null) return [fault('changed', 'its entry is none any more')];
  const faults: ArchiveFinding[] = [];
  if (entry.number !== number || entry.month !== month) {
    faults.push(fault('reordered', `its file holds the entry of ${entry.month}, number ${entry.number}`));
  }
  if (number === 1 && entry.previous !== null) faults.push(fault('missing', 'entries before it are missing'));
  if (entry.signature === null) {
    // A key that is named has signed.
    if (entry.kid !== null) faults.push(fault('changed', 'its signature was taken away'));
    else if (mustBeSigned) faults.push(fault('unsigned', 'its entry is not signed'));
    return faults;
  }
  const key = keys.find(({ kid }) => kid === entry.kid);
  if (key === undefined) {
    if (mustBeSigned)
      faults.push(fault('unknown-key', `no key ${entry.kid} is known that could have signed it`));
  } else if (!isSignedBy(key, canonicalBytes({ ...entry }), entry.signature)) {
    faults.push(fault('changed', 'the signature does not fit its entry'));
  }
  return faults;
}

/** Places in the chain where nothing is, or more than one. */
function gaps(stored: readonly StoredEntry[], head: ChainHead | null): ArchiveFinding[] {
  const findings: ArchiveFinding[] = [];
  const last = Math.max(head?.number ?? 0, stored.at(-1)?.number ?? 0);
  for (let number = 1; number <= last; number += 1) {
    const here = stored.filter((one) => one.number === number);
    if (here.length === 0) {
      const before = stored.findLast((one) => one.number < number);
      const after = stored.find((one) => one.number > number);
      const between = [before && `after ${before.month}`, after && `before ${after.month}`].filter(Boolean);
      const where = between.length === 0 ? '' : `, ${between.join(', ')}`;
      findings.push({ month: null, number, kind: 'missing', says: `entry ${number} is missing${where}` });
    }
    for (const { month } of here.slice(1)) {
      findings.push({ month, number, kind: 'reordered', says: `entry ${number} is there more than once` });
    }
  }
  return findings;
}
