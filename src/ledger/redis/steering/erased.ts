import type { Identity } from '../../../domain/identity.ts';
import type { Page } from '../../page.ts';
import type { MintRecord } from '../../records.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

const CLOCKS_DIFFER_SECONDS = 60;

/** A stream keeps what it was given, so rows of the mint log get the pseudonyms of erased people when they are read. */
export async function readErasedAsPseudonyms(
  { client, prefix, service }: PageSource,
  page: Page<MintRecord>,
): Promise<Page<MintRecord>> {
  const { erased } = createServiceKeys(prefix, service);
  if (page.items.length === 0 || (await client.exists(erased)) === 0) return page;
  const identities = [...new Set(page.items.flatMap(({ identity, subject }) => [identity, subject]))];
  const erasures = await client.hmget(erased, ...identities);
  const known = new Map<Identity, [pseudonym: string, erasedAt: string]>();
  for (const [position, identity] of identities.entries()) {
    const text = erasures[position];
    if (text) known.set(identity, text.split(' ') as [string, string]);
  }
  // Whoever comes back after an erasure is somebody new; clocks of gateways may differ by a little.
  const shown = (identity: Identity, at: number): Identity => {
    const [pseudonym, erasedAt] = known.get(identity) ?? [];
    return pseudonym !== undefined && at <= Number(erasedAt) + CLOCKS_DIFFER_SECONDS
      ? (pseudonym as Identity)
      : identity;
  };
  return {
    ...page,
    items: page.items.map((row) => ({
      ...row,
      identity: shown(row.identity, row.issuedAt),
      subject: shown(row.subject, row.issuedAt),
    })),
  };
}
