import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthEndSeconds, monthStartSeconds, previousMonth } from '../../../domain/month.ts';
import { bitOf } from '../../../domain/signal.ts';
import type { AdmissionPreview, MonthPreview } from '../../admission-preview.ts';
import { bucketOf } from '../../buckets.ts';
import type { AdmitRequest } from '../../ledger.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { codesInCounters, readMonthTotals } from '../records/counters.ts';
import { codesInRecord, unpackRecord } from '../records/packing.ts';
import { TAKEN_OVER } from '../steering/bonds.ts';
import { codesInLimits, readLimits } from '../steering/limits-text.ts';
import { dayOf } from './admit-keys.ts';

type Fields = Record<string, string>;

/** Where a packed record has its mask; see `lua/includes/record.lua`. */
const MASK_AT = 20;
const REASONS = bitOf('messaged') | bitOf('joined');

/** Reads what an admission would look at; nothing of it is held while reading. */
export async function previewAdmission(source: PageSource, request: AdmitRequest): Promise<AdmissionPreview> {
  const { client, prefix, service } = source;
  const { links, blocks } = createServiceKeys(prefix, service);
  const link = await client.hget(links, request.identity);
  const adopted = link?.startsWith(TAKEN_OVER) === true;
  const identity = adopted || link === null ? request.identity : (link as Identity);
  const { month, otherMonth } = request.life;
  const [blocked, ...months] = await Promise.all([
    client.hmget(blocks, identity, request.identity),
    ...[month, ...(otherMonth === null ? [] : [otherMonth])].map((one) =>
      previewMonth(source, one, identity, request),
    ),
  ]);
  return { identity, blocked: blocked.some((mark) => mark !== null), adopted, months };
}

async function previewMonth(
  { client, names, prefix, service }: PageSource,
  month: Month,
  identity: Identity,
  { life }: AdmitRequest,
): Promise<MonthPreview> {
  const keys = createServiceKeys(prefix, service);
  const bucket = bucketOf(identity);
  const at = Math.min(Math.max(life.issuedAt, monthStartSeconds(month)), monthEndSeconds(month) - 1);
  const pipeline = client
    .pipeline()
    .hgetall(keys.totals(month))
    .hgetall(keys.limits)
    .hgetall(keys.raises)
    .hgetall(keys.day(month, dayOf(at)))
    .hgetBuffer(keys.people(month, bucket), identity)
    .hgetBuffer(keys.people(previousMonth(month), bucket), identity);
  const [totals, limitFields, raises, day, record, before] = resultsOf<unknown>(await pipeline.exec()) as [
    Fields,
    Fields,
    Fields,
    Fields,
    Buffer | null,
    Buffer | null,
  ];
  const wanted = new Set<NameKey>();
  codesInCounters(totals, wanted);
  codesInCounters(day, wanted);
  codesInLimits(Object.values(limitFields), wanted);
  if (record !== null) codesInRecord(record, wanted);
  const nameOf = await names.lookUp(service, wanted);
  const limits = readLimits(month, limitFields, raises, nameOf);
  const { all, byClass, byTenant } = readMonthTotals(month, totals, limits, nameOf);
  const hour = Math.floor(at / 3600) % 24;
  let newThisHour = 0;
  for (const [field, count] of Object.entries(day)) {
    const [kind, code, ofHour] = field.split(':');
    if (kind !== 'new' || Number(ofHour) !== hour) continue;
    if (Object.hasOwn(limits.budget?.priorities ?? {}, nameOf('class', Number(code)))) {
      newThisHour += Number(count);
    }
  }
  return {
    month,
    record: record === null ? null : unpackRecord(identity, record, monthStartSeconds(month), nameOf),
    reason: before !== null && (before.readUInt16LE(MASK_AT) & REASONS) !== 0,
    limits,
    all,
    byClass,
    byTenant,
    newThisHour,
  };
}
