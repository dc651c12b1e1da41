import { GatewayError } from '../../../domain/gateway-error.ts';
import { type Month, monthStartSeconds, nextMonth, previousMonth } from '../../../domain/month.ts';
import { bucketOf } from '../../buckets.ts';
import type { IdentityRecord, MintRecord } from '../../records.ts';
import type { MintsBack, MonthFigures, PeopleBack } from '../../retention.ts';
import { codesOf } from '../admission/admit-batches.ts';
import { dayOf } from '../admission/admit-keys.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import { packMintBack, packPersonBack } from './pack-back.ts';

/** As many as an admission writes into one entry. */
const ROWS_PER_ENTRY = 64;

/** Appends rows to the log under way; see `relog-2.lua`. */
export async function restoreMints(
  source: PageSource,
  month: Month,
  { after, rows }: MintsBack,
): Promise<void> {
  const { client, names, prefix, service } = source;
  const keys = createServiceKeys(prefix, service);
  const starts = monthStartSeconds(month);
  const wanted = new Set<NameKey>();
  for (const { className, intent, rule } of rows) {
    wanted.add(`class:${className}`).add(`intent:${intent}`).add(`rule:${rule}`);
  }
  const reply = await withCodes(source, [...wanted], () => {
    const codeOf = codesOf(names, service);
    const entries = groupRows(rows).flatMap((group): (number | Buffer)[] => [
      group.at(-1)!.ordinal,
      Buffer.concat(group.map((row) => packMintBack(row, starts, codeOf))),
    ]);
    return client.relog(keys.names, keys.mintsBack(month), names.epoch(service), after ?? '', ...entries);
  });
  if (reply !== 'put-back') throw new GatewayError('ledger-unavailable', `relog answered "${reply}"`);
}

/** Puts the log under way in the place of the one before. */
export async function finishMints({ client, prefix, service }: PageSource, month: Month, last: number) {
  const keys = createServiceKeys(prefix, service);
  let reply: string;
  do {
    reply = await client.relogEnd(keys.mints(month), keys.mintsBack(month), last);
  } while (reply === 'more');
}

export async function restorePeople(
  source: PageSource,
  month: Month,
  people: readonly IdentityRecord[],
  how: PeopleBack,
): Promise<void> {
  if (people.length === 0) return;
  const { client, names, prefix, service } = source;
  const keys = createServiceKeys(prefix, service);
  const starts = monthStartSeconds(month);
  const [before, after] = [previousMonth(month), nextMonth(month)];
  const places = people.flatMap(({ identity, firstSeen }) => {
    const bucket = bucketOf(identity);
    return [
      ...[keys.people(month, bucket), keys.day(month, dayOf(firstSeen))],
      ...[keys.people(before, bucket), keys.people(after, bucket)],
    ];
  });
  const wanted = new Set<NameKey>();
  for (const { className, tenant } of people) {
    wanted.add(`class:${className}`);
    if (tenant !== null) wanted.add(`tenant:${tenant}`);
  }
  const reply = await withCodes(source, [...wanted], () => {
    const codeOf = codesOf(names, service);
    const packed = people.flatMap((record) => [record.identity, packPersonBack(record, starts, codeOf)]);
    const fixed = [keys.names, keys.months, keys.totals(month), keys.index(month), keys.totals(after)];
    return client.bringBack(
      fixed.length + places.length,
      ...[...fixed, ...places, names.epoch(service), month, how, ...packed],
    );
  });
  if (reply !== 'returned') throw new GatewayError('ledger-unavailable', `return answered "${reply}"`);
}

/** Raises counters of the month and its days; see `lift-n.lua`. */
export async function raiseFigures(
  { client, prefix, service }: PageSource,
  month: Month,
  { totals, days }: MonthFigures,
): Promise<void> {
  const keys = createServiceKeys(prefix, service);
  const hashes = [keys.totals(month), ...days.map(({ day }) => keys.day(month, day.slice(8)))];
  const lifts: (string | number)[] = [];
  const lift = (place: number, field: string, value: number) => {
    if (value > 0) lifts.push(place, field, value);
  };
  const { minted, reused, adopted, conversations } = totals;
  for (const [field, value] of Object.entries({ minted, reused, adopted, conversations }))
    lift(1, field, value);
  for (const [code, value] of Object.entries(totals.refused)) lift(1, `refused:${code}`, value);
  for (const [rule, value] of Object.entries(totals.shadow)) lift(1, `shadow:${rule}`, value);
  for (const [position, day] of days.entries()) {
    lift(1, `minted:${day.day.slice(8)}`, day.minted);
    lift(position + 2, 'reused', day.reused);
    for (const [code, value] of Object.entries(day.refused)) lift(position + 2, `refused:${code}`, value);
  }
  if (lifts.length > 0) await client.lift(hashes.length, ...hashes, ...lifts);
}

/** Runs a script that writes by codes, and once more when the ledger has others than this process knew. */
async function withCodes(
  { names, service }: PageSource,
  wanted: NameKey[],
  call: () => Promise<string>,
): Promise<string> {
  await names.intern(service, wanted);
  const epoch = names.epoch(service);
  const reply = await call();
  if (reply !== 'codes') return reply;
  names.forget(service, epoch);
  await names.intern(service, wanted);
  return call();
}

/** Rows of one entry count up without a gap, since the entry's id is the ordinal of its last row. */
function groupRows(rows: readonly MintRecord[]): MintRecord[][] {
  const groups: MintRecord[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    const isNext =
      group !== undefined && group.length < ROWS_PER_ENTRY && group.at(-1)!.ordinal + 1 === row.ordinal;
    if (isNext) group.push(row);
    else groups.push([row]);
  }
  return groups;
}
