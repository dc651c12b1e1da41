import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import type { PersonFound } from '../../bonds.ts';
import { bucketOf } from '../../buckets.ts';
import type { IdentityRecord } from '../../records.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import { rememberNames } from '../names/remember-names.ts';
import type { PageSource } from '../pages.ts';
import { codesInRecord, unpackRecord } from '../records/packing.ts';
import { readAt } from '../records/read-at.ts';
import { TAKEN_OVER } from './bonds.ts';

/** Who each own identity is served as, in one call; then their records in the month, a small call each, all at once. */
export async function findPeople(
  source: PageSource,
  own: readonly Identity[],
  month: Month | null,
): Promise<PersonFound[]> {
  if (own.length === 0) return [];
  const { client, prefix, service } = source;
  const links = await client.hmget(createServiceKeys(prefix, service).links, ...own);
  const identities = own.map((asked, at) => servedAs(asked, links[at] ?? null));
  const records =
    month === null
      ? new Map<Identity, IdentityRecord>()
      : await readRecords(
          source,
          month,
          identities.filter((identity) => identity !== null),
        );
  return identities.map((identity) => ({
    identity,
    record: identity === null ? null : (records.get(identity) ?? null),
  }));
}

function servedAs(own: Identity, link: string | null): Identity | null {
  if (link === null) return own;
  return link.startsWith(TAKEN_OVER) ? null : (link as Identity);
}

async function readRecords(
  { client, names, prefix, service }: PageSource,
  month: Month,
  identities: readonly Identity[],
): Promise<Map<Identity, IdentityRecord>> {
  const keys = createServiceKeys(prefix, service);
  const found = await Promise.all(
    identities.map(async (identity) => ({
      identity,
      bytes: await client.hgetBuffer(keys.people(month, bucketOf(identity)), identity),
    })),
  );
  const wanted = new Set<NameKey>();
  for (const { bytes } of found) if (bytes !== null) codesInRecord(bytes, wanted);
  const nameOf = rememberNames(await names.lookUp(service, wanted));
  const starts = monthStartSeconds(month);
  const records = new Map<Identity, IdentityRecord>();
  for (const { identity, bytes } of found) {
    if (bytes === null) continue;
    const record = readAt(
      () => keys.people(month, bucketOf(identity)),
      () => unpackRecord(identity, bytes, starts, nameOf),
    );
    records.set(identity, record);
  }
  return records;
}
