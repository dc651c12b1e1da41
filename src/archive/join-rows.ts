import type { Identity } from '../domain/identity.ts';

/** How rows of the ledger differ from those of an entry of the archive. */
export interface Joined {
  /** Rows of the entry that the ledger does not have. */
  missing: number;
  /** Rows of the ledger that the entry does not have, or has with less. */
  added: number;
  /** Of a mint log: rows of the ledger under numbers at which the entry has others. */
  clashing: number;
}

/** Whoever is being erased, and the pseudonym that takes their place. */
export type Pseudonyms = ReadonlyMap<string, Identity>;

export function noDifference(): Joined {
  return { missing: 0, added: 0, clashing: 0 };
}

/** A line of people or mints with pseudonyms in the place of whoever is erased; the line itself when nobody of it is. */
export function rename(line: string, pseudonyms: Pseudonyms): string {
  if (pseudonyms.size === 0) return line;
  const row = JSON.parse(line) as { identity: string; subject?: string };
  const [identity, subject] = [pseudonyms.get(row.identity), pseudonyms.get(row.subject ?? '')];
  if (identity === undefined && subject === undefined) return line;
  return JSON.stringify({ ...row, ...(identity && { identity }), ...(subject && { subject }) });
}
