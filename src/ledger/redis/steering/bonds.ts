import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthStartSeconds, parseMonth } from '../../../domain/month.ts';
import type { IdentityFile, Merge } from '../../bonds.ts';
import { bucketOf } from '../../buckets.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import { resultsOf } from '../pages.ts';
import { codesInRecord, unpackRecord } from '../records/packing.ts';
import { readAt } from '../records/read-at.ts';

/** Stands before the own identity in the link of an identity that was taken over. */
export const TAKEN_OVER = '!';

export async function readMerges({ client, prefix, service }: PageSource): Promise<Merge[]> {
  const fields = await client.hgetall(createServiceKeys(prefix, service).merges);
  return Object.entries(fields)
    .map(([guest, text]) => {
      const [member, at] = text.split(' ') as [Identity, string];
      return { guest: guest as Identity, member, at: Number(at) };
    })
    .sort((one, two) => one.at - two.at || (one.guest < two.guest ? -1 : 1));
}

/** What each own identity is served as; one that was taken over itself has no link of its own. */
export async function readLinks(
  { client, prefix, service }: PageSource,
  own: readonly Identity[],
): Promise<(Identity | null)[]> {
  if (own.length === 0) return [];
  const links = await client.hmget(createServiceKeys(prefix, service).links, ...own);
  return links.map((link) => (link === null || link.startsWith(TAKEN_OVER) ? null : (link as Identity)));
}

export async function readIdentityFile(source: PageSource, identity: Identity): Promise<IdentityFile> {
  const { client, prefix, service, names } = source;
  const keys = createServiceKeys(prefix, service);
  const months = await readMonths(source);
  const pipeline = client.pipeline().hget(keys.links, identity).hexists(keys.blocks, identity);
  for (const month of months) pipeline.hgetBuffer(keys.people(month, bucketOf(identity)), identity);
  const [link, blocked, ...records] = resultsOf<unknown>(await pipeline.exec()) as [
    string | null,
    number,
    ...(Buffer | null)[],
  ];
  const wanted = new Set<NameKey>();
  for (const bytes of records) if (bytes !== null) codesInRecord(bytes, wanted);
  const nameOf = await names.lookUp(service, wanted);
  const takenOver = link?.startsWith(TAKEN_OVER) === true;
  return {
    months: months.flatMap((month, position) => {
      const bytes = records[position];
      if (!bytes) return [];
      const record = readAt(
        () => keys.people(month, bucketOf(identity)),
        () => unpackRecord(identity, bytes, monthStartSeconds(month), nameOf),
      );
      return [{ month, record }];
    }),
    servedAs: takenOver ? null : (link as Identity | null),
    servedFor: takenOver ? (link.slice(TAKEN_OVER.length) as Identity) : null,
    blocked: blocked === 1,
  };
}

/** Months with anyone in them, newest first. */
export async function readMonths({ client, prefix, service }: PageSource): Promise<Month[]> {
  const months = await client.smembers(createServiceKeys(prefix, service).months);
  return months
    .map((text) => parseMonth(text))
    .filter((month): month is Month => month !== null)
    .sort()
    .reverse();
}
