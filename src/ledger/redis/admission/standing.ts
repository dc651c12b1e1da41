import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthStartSeconds, previousMonth } from '../../../domain/month.ts';
import { bitOf } from '../../../domain/signal.ts';
import type { MonthStanding, Standing } from '../../admission-preview.ts';
import { bucketOf } from '../../buckets.ts';
import type { AdmitRequest } from '../../ledger.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { codesInRecord, unpackRecord } from '../records/packing.ts';
import { TAKEN_OVER } from '../steering/bonds.ts';

/** Where a packed record has its mask; see `lua/includes/record.lua`. */
const MASK_AT = 20;
const REASONS = bitOf('messaged') | bitOf('joined');

/** Reads what an admission would find of the person; nothing of it is held while reading. */
export async function readStanding(source: PageSource, request: AdmitRequest): Promise<Standing> {
  const { client, prefix, service } = source;
  const { links, blocks } = createServiceKeys(prefix, service);
  const link = await client.hget(links, request.identity);
  const adopted = link?.startsWith(TAKEN_OVER) === true;
  const identity = adopted || link === null ? request.identity : (link as Identity);
  const { month, otherMonth } = request.life;
  const [marks, ...months] = await Promise.all([
    client.hmget(blocks, identity, request.identity),
    ...[month, ...(otherMonth === null ? [] : [otherMonth])].map((one) => readMonthOf(source, one, identity)),
  ]);
  return { identity, blocked: marks.some((mark) => mark !== null), adopted, months };
}

async function readMonthOf(
  { client, names, prefix, service }: PageSource,
  month: Month,
  identity: Identity,
): Promise<MonthStanding> {
  const keys = createServiceKeys(prefix, service);
  const bucket = bucketOf(identity);
  const pipeline = client
    .pipeline()
    .hgetBuffer(keys.people(month, bucket), identity)
    .hgetBuffer(keys.people(previousMonth(month), bucket), identity);
  const [record, before] = resultsOf<Buffer | null>(await pipeline.exec()) as [Buffer | null, Buffer | null];
  const wanted = new Set<NameKey>();
  if (record !== null) codesInRecord(record, wanted);
  const nameOf = await names.lookUp(service, wanted);
  return {
    month,
    record: record === null ? null : unpackRecord(identity, record, monthStartSeconds(month), nameOf),
    reason: before !== null && (before.readUInt16LE(MASK_AT) & REASONS) !== 0,
  };
}
