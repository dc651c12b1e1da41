import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import { BUCKETS } from '../../buckets.ts';
import type { Page, PageRequest } from '../../page.ts';
import type { IdentityRecord } from '../../records.ts';
import { createServiceKeys, type ServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import { rememberNames } from '../names/remember-names.ts';
import type { PageSource } from '../pages.ts';
import { codesInRecord, unpackRecord } from '../records/packing.ts';
import { readAt } from '../records/read-at.ts';
import type { LedgerClient } from '../scripts.ts';

/** So many buckets in one round trip at most. */
const BUCKETS_PER_READ = 1_024;

interface Position {
  bucket: number;
  /** Empty: before everyone in the bucket. */
  identity: string;
}

interface PackedPerson extends Position {
  bytes: Buffer;
}

/** People in the order of bucket, then identity. Reads whole buckets, each a small call of its own. */
export async function readIdentities(
  source: PageSource,
  month: Month,
  { after, limit, loose = false }: PageRequest,
): Promise<Page<IdentityRecord>> {
  const keys = createServiceKeys(source.prefix, source.service);
  const [total, index] = await Promise.all([
    source.client.hget(keys.totals(month), 'all'),
    source.client.getBuffer(keys.index(month)),
  ]);
  const start = parsePosition(after);
  const perBucket = Math.max(1, Number(total ?? 0) / BUCKETS);
  // One more than a page holds tells whether it is the last. A loose page ends with a bucket and asks the index.
  const enough = loose ? limit : limit + 1;
  const found: PackedPerson[] = [];
  let next = start.bucket;
  while (found.length < enough) {
    const count = Math.min(BUCKETS_PER_READ, Math.ceil((enough - found.length) / perBucket));
    const buckets = filledBuckets(index, next, count);
    if (buckets.length === 0) break;
    next = buckets.at(-1)! + 1;
    const people = await readBuckets(source.client, keys, month, buckets);
    for (const [position, fields] of people.entries()) addPeople(found, buckets[position]!, fields, start);
    if (loose && found.length > 0) break;
  }
  const page = loose ? found : found.slice(0, limit);
  const items = await unpackPeople(source, month, page);
  if (loose) return { items, next: filledBuckets(index, next, 1).length > 0 ? `${next}:` : null };
  const last = page.at(-1);
  return { items, next: last && found.length > limit ? `${last.bucket}:${last.identity}` : null };
}

/**
 * The fields of each bucket: identity, record, identity, record. `call` with the command's name in capitals passes the
 * reply on as it came; the client's own `hgetall` makes an object of it, which takes three times as long. Single calls
 * rather than a pipeline: what a pipeline leaves behind survives young collections, and an export of a million people
 * made the process grow by 115 MiB with it, by 25 MiB without.
 */
function readBuckets(
  client: LedgerClient,
  keys: ServiceKeys,
  month: Month,
  buckets: readonly number[],
): Promise<Buffer[][]> {
  return Promise.all(
    buckets.map((bucket) => client.callBuffer('HGETALL', keys.people(month, bucket)) as Promise<Buffer[]>),
  );
}

/** Adds those of a bucket who stand behind the start, in order. */
function addPeople(found: PackedPerson[], bucket: number, fields: readonly Buffer[], start: Position): void {
  const people: PackedPerson[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    const identity = fields[at]!.toString('latin1');
    if (bucket === start.bucket && identity <= start.identity) continue;
    people.push({ bucket, identity, bytes: fields[at + 1]! });
  }
  people.sort((left, right) => (left.identity < right.identity ? -1 : 1));
  for (const person of people) found.push(person);
}

async function unpackPeople(
  { names, prefix, service }: PageSource,
  month: Month,
  people: readonly PackedPerson[],
): Promise<IdentityRecord[]> {
  const wanted = new Set<NameKey>();
  const seen = new Set<number>();
  for (const { bytes } of people) {
    const codes = bytes[19]! * 0x1000000 + bytes[22]! + bytes[23]! * 0x100 + bytes[24]! * 0x10000;
    if (seen.has(codes)) continue;
    seen.add(codes);
    codesInRecord(bytes, wanted);
  }
  const nameOf = rememberNames(await names.lookUp(service, wanted));
  const starts = monthStartSeconds(month);
  const keys = createServiceKeys(prefix, service);
  return people.map(({ bucket, identity, bytes }) =>
    readAt(
      () => keys.people(month, bucket),
      () => unpackRecord(identity as Identity, bytes, starts, nameOf),
    ),
  );
}

/** The next buckets from `from` on that the index says hold anyone, `count` at most, in order. */
function filledBuckets(index: Buffer | null, from: number, count: number): number[] {
  const filled: number[] = [];
  for (let bucket = from; index !== null && bucket < index.length * 8 && filled.length < count; bucket++) {
    if ((index[bucket >> 3]! & (0x80 >> (bucket & 7))) !== 0) filled.push(bucket);
  }
  return filled;
}

function parsePosition(after: string | null): Position {
  if (after === null) return { bucket: 0, identity: '' };
  const colon = after.indexOf(':');
  return { bucket: Number(after.slice(0, colon)), identity: after.slice(colon + 1) };
}
