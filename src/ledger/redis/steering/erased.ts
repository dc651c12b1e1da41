import type { Identity } from '../../../domain/identity.ts';
import type { Page } from '../../page.ts';
import type { MintRecord } from '../../records.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

const CLOCKS_DIFFER_SECONDS = 60;

/** The name under which the ledger has what was told of somebody at a second: since an erasure, their pseudonym. */
export type NameNow = (identity: Identity, at: number) => Identity;

/** Looks these people up among those who were erased. */
export async function readNamesNow(
  { client, prefix, service }: PageSource,
  identities: Iterable<Identity>,
): Promise<NameNow> {
  const { erased } = createServiceKeys(prefix, service);
  const asked = [...new Set(identities)];
  if (asked.length === 0 || (await client.exists(erased)) === 0) return (identity) => identity;
  const erasures = await client.hmget(erased, ...asked);
  const known = new Map<Identity, [pseudonym: string, erasedAt: string]>();
  for (const [position, identity] of asked.entries()) {
    const text = erasures[position];
    if (text) known.set(identity, text.split(' ') as [string, string]);
  }
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
  const identities = page.items.flatMap(({ identity, subject }) => [identity, subject]);
  const nameNow = await readNamesNow(source, identities);
  return {
    ...page,
    items: page.items.map((row) => ({
      ...row,
      identity: nameNow(row.identity, row.issuedAt),
      subject: nameNow(row.subject, row.issuedAt),
    })),
  };
}
