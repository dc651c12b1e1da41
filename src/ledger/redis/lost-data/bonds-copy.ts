import type { Identity } from '../../../domain/identity.ts';
import { bucketOf } from '../../buckets.ts';
import { createServiceKeys } from '../keys.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { readMonths } from '../steering/bonds.ts';

type Fields = Record<string, string>;

/** Who was stopped, linked, merged or erased, as it was last seen. Null: too many to be kept beside the store. */
export interface BondsCopy {
  version: number;
  blocks: Fields | null;
  /** Links by adoption may be newer than this; those of people who come are remembered with the people. */
  links: Fields | null;
  merges: Fields | null;
  /** Identity → pseudonym and second. */
  erased: Fields | null;
}

/** Reading more at once, or putting it back, would hold up everybody for longer than 10 ms. */
const FIELDS_MAX = 10_000;

/** Reads them all. */
export async function copyBonds({ client, prefix, service }: PageSource): Promise<BondsCopy> {
  const { names, ...keys } = createServiceKeys(prefix, service);
  const hashes = [keys.blocks, keys.links, keys.merges, keys.erased];
  const counting = client.pipeline().hget(names, '#bonds');
  for (const hash of hashes) counting.hlen(hash);
  const [version, ...counts] = resultsOf<unknown>(await counting.exec()) as [string | null, ...number[]];
  const reading = client.pipeline();
  for (const [position, hash] of hashes.entries()) {
    if (counts[position]! <= FIELDS_MAX) reading.hgetall(hash);
  }
  const read = resultsOf<Fields>(await reading.exec());
  const [blocks, links, merges, erased] = counts.map((count) =>
    count <= FIELDS_MAX ? read.shift()! : null,
  ) as [Fields | null, Fields | null, Fields | null, Fields | null];
  // The version is that of before: what changed meanwhile is copied again.
  return { version: Number(version ?? 0), blocks, links, merges, erased };
}

/** Puts back what a store has from an earlier time. */
export async function putBondsBack({ client, prefix, service }: PageSource, copy: BondsCopy): Promise<void> {
  const keys = createServiceKeys(prefix, service);
  const hashes = [copy.blocks, copy.links, copy.merges, copy.erased];
  await client.bondsBack(
    ...[keys.names, keys.blocks, keys.links, keys.merges, keys.erased],
    ...[copy.version, JSON.stringify(hashes)],
  );
}

/** Erased people whom a store that went back to an earlier time shows again. */
export async function findReturned(
  source: PageSource,
  { erased }: BondsCopy,
): Promise<{ identity: Identity; pseudonym: Identity }[]> {
  const { client, prefix, service } = source;
  const identities = Object.keys(erased ?? {}) as Identity[];
  if (erased === null || identities.length === 0) return [];
  const keys = createServiceKeys(prefix, service);
  const known = await client.hmget(keys.erased, ...identities);
  const forgotten = identities.filter((_identity, position) => known[position] === null);
  const months = await readMonths(source);
  // An emptied store has nobody, and erasing thousands who are not there would take long.
  if (forgotten.length === 0 || months.length === 0) return [];
  const looking = client.pipeline();
  for (const identity of forgotten) {
    for (const month of months) looking.hexists(keys.people(month, bucketOf(identity)), identity);
  }
  const found = resultsOf<number>(await looking.exec());
  return forgotten.flatMap((identity, position) => {
    const from = position * months.length;
    if (!found.slice(from, from + months.length).includes(1)) return [];
    return [{ identity, pseudonym: erased[identity]!.split(' ')[0] as Identity }];
  });
}
