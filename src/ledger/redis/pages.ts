import type { Identity } from '../../domain/identity.ts';
import { type Month, monthStartSeconds } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { BUCKETS } from '../buckets.ts';
import type { IdentityRecord, MintRecord, Page, PageRequest } from '../ledger.ts';
import { createServiceKeys, type ServiceKeys } from './keys.ts';
import type { NameKey, Names } from './names.ts';
import { codesInRecord, type PackedMint, unpackMints, unpackRecord } from './packing.ts';
import type { LedgerClient } from './scripts.ts';

/** So many buckets in one round trip at most. */
const BUCKETS_PER_READ = 1_024;
/** An entry of the mint log holds up to 64 rows of some 40 bytes. */
const ENTRIES_PER_READ = 128;

/** Where pages are read from. */
export interface PageSource {
  client: LedgerClient;
  names: Names;
  prefix: string;
  service: ServiceName;
}

/** People in the order of bucket, then identity. Reads whole buckets, each a small call of its own. */
export async function readIdentities(
  source: PageSource,
  month: Month,
  { after, limit }: PageRequest,
): Promise<Page<IdentityRecord>> {
  const keys = createServiceKeys(source.prefix, source.service);
  const [total, index] = await Promise.all([
    source.client.hget(keys.totals(month), 'all'),
    source.client.getBuffer(keys.index(month)),
  ]);
  const start = parsePosition(after);
  const perBucket = Math.max(1, Number(total ?? 0) / BUCKETS);
  const found: { bucket: number; identity: string; bytes: Buffer }[] = [];
  for (let next = start.bucket; found.length <= limit; ) {
    const wanted = Math.min(BUCKETS_PER_READ, Math.ceil((limit + 1 - found.length) / perBucket));
    const buckets = filledBuckets(index, next, wanted);
    if (buckets.length === 0) break;
    next = buckets.at(-1)! + 1;
    const people = await readBuckets(source.client, keys, month, buckets);
    for (const [position, fields] of people.entries()) {
      const bucket = buckets[position]!;
      for (const identity of Object.keys(fields).sort()) {
        if (bucket !== start.bucket || identity > start.identity) {
          found.push({ bucket, identity, bytes: fields[identity]! });
        }
      }
    }
  }
  const page = found.slice(0, limit);
  const wanted = new Set<NameKey>();
  for (const { bytes } of page) codesInRecord(bytes, wanted);
  const nameOf = await source.names.lookUp(source.service, wanted);
  const starts = monthStartSeconds(month);
  const last = page.at(-1);
  return {
    items: page.map(({ identity, bytes }) => unpackRecord(identity as Identity, bytes, starts, nameOf)),
    next: last && found.length > limit ? `${last.bucket}:${last.identity}` : null,
  };
}

async function readBuckets(
  client: LedgerClient,
  keys: ServiceKeys,
  month: Month,
  buckets: readonly number[],
): Promise<Record<string, Buffer>[]> {
  const pipeline = client.pipeline();
  for (const bucket of buckets) pipeline.hgetallBuffer(keys.people(month, bucket));
  return resultsOf<Record<string, Buffer>>(await pipeline.exec());
}

/** The next buckets from `from` on that the index says hold anyone, `count` at most, in order. */
function filledBuckets(index: Buffer | null, from: number, count: number): number[] {
  const filled: number[] = [];
  for (let bucket = from; index !== null && bucket < index.length * 8 && filled.length < count; bucket++) {
    if ((index[bucket >> 3]! & (0x80 >> (bucket & 7))) !== 0) filled.push(bucket);
  }
  return filled;
}

/** The mint log in the order of ordinals. */
export async function readMints(
  source: PageSource,
  month: Month,
  { after, limit }: PageRequest,
): Promise<Page<MintRecord>> {
  const keys = createServiceKeys(source.prefix, source.service);
  const start = Number(after ?? 0);
  const starts = monthStartSeconds(month);
  const found: PackedMint[] = [];
  let from = start;
  let entries: [Buffer, Buffer[]][];
  do {
    // An entry's id is the ordinal of its last row, so the first entry after `start` may begin before it.
    entries = await source.client.xrangeBuffer(
      keys.mints(month),
      `(${from}-0`,
      '+',
      'COUNT',
      ENTRIES_PER_READ,
    );
    for (const [id, fields] of entries) {
      from = Number(id.toString().split('-')[0]);
      for (const row of unpackMints(fields[1]!, from, starts)) {
        if (row.ordinal > start) found.push(row);
      }
    }
  } while (found.length <= limit && entries.length === ENTRIES_PER_READ);
  const page = found.slice(0, limit);
  const wanted = new Set<NameKey>();
  for (const { codes } of page) {
    wanted.add(`class:${codes.class}`).add(`intent:${codes.intent}`).add(`rule:${codes.rule}`);
  }
  const nameOf = await source.names.lookUp(source.service, wanted);
  return {
    items: page.map(({ codes, ...row }) => ({
      ...row,
      className: nameOf('class', codes.class),
      intent: nameOf('intent', codes.intent),
      rule: nameOf('rule', codes.rule),
    })),
    next: found.length > limit ? String(page.at(-1)!.ordinal) : null,
  };
}

/** The results of a pipeline; the first failure in it is thrown. */
export function resultsOf<Result>(replies: [Error | null, unknown][] | null): Result[] {
  return (replies ?? []).map(([error, result]) => {
    if (error) throw error;
    return result as Result;
  });
}

function parsePosition(after: string | null): { bucket: number; identity: string } {
  if (after === null) return { bucket: 0, identity: '' };
  const colon = after.indexOf(':');
  return { bucket: Number(after.slice(0, colon)), identity: after.slice(colon + 1) };
}
