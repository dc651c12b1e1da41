import type { Identity } from '../../../domain/identity.ts';
import type { Page } from '../../page.ts';
import type { MintRecord } from '../../records.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

const CLOCKS_DIFFER_SECONDS = 60;

/** The name under which the ledger has what was told of somebody at a second: since an erasure, their pseudonym. */
export type NameNow = (identity: Identity, at: number) => Identity;

/**
 * Looks these people up among those who were erased; null when none of them was. They are asked for only when somebody was:
 * nearly never, and an export reads a million rows.
 */
export async function readNamesNow(
  { client, prefix, service }: PageSource,
  identities: Iterable<Identity>,
): Promise<NameNow | null> {
  const { erased } = createServiceKeys(prefix, service);
  if ((await client.exists(erased)) === 0) return null;
  const asked = [...new Set(identities)];
  if (asked.length === 0) return null;
  const erasures = await client.hmget(erased, ...asked);
  const known = new Map<Identity, [pseudonym: string, erasedAt: string]>();
  for (const [position, identity] of asked.entries()) {
    const text = erasures[position];
    if (text) known.set(identity, text.split(' ') as [string, string]);
  }
  if (known.size === 0) return null;
  // Whoever comes back after an erasure is somebody new; clocks of gateways may differ by a little.
  return (identity, at) => {
    const [pseudonym, erasedAt] = known.get(identity) ?? [];
    return pseudonym !== undefined && at <= Number(erasedAt) + CLOCKS_DIFFER_SECONDS
      ? (pseudonym as Identity)
      : identity;
  };
}

/** A stream keeps what it was given, so rows of the mint log get the pseudonyms of erased people when they are read. */
export async function readErasedAsPseudonyms(
  source: PageSource,
  page: Page<MintRecord>,
): Promise<Page<MintRecord>> {
  if (page.items.length === 0) return page;
  const nameNow = await readNamesNow(source, identitiesIn(page.items));
  if (nameNow === null) return page;
  return {
    ...page,
    items: page.items.map((row) => ({
      ...row,
      identity: nameNow(row.identity, row.issuedAt),
      subject: nameNow(row.subject, row.issuedAt),
    })),
  };
}

function* identitiesIn(rows: readonly MintRecord[]): Iterable<Identity> {
  for (const { identity, subject } of rows) {
    yield identity;
    yield subject;
  }
}
