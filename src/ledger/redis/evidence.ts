import { GatewayError } from '../../domain/gateway-error.ts';
import type { Identity } from '../../domain/identity.ts';
import {
  daysInMonth,
  type Month,
  monthOf,
  monthStartSeconds,
  nextMonth,
  previousMonth,
} from '../../domain/month.ts';
import { bucketOf } from '../buckets.ts';
import type { Evidence } from '../ledger.ts';
import { codesOf } from './admit-batches.ts';
import { dayOf } from './admit-keys.ts';
import { createServiceKeys } from './keys.ts';
import type { NameKey } from './names.ts';
import { packEvidence } from './packing.ts';
import type { PageSource } from './pages.ts';

const EVIDENCE_PER_CALL = 128;

/** Writes evidence month by month. A failure may leave some of it written; repeating all of it does no harm. */
export async function recordEvidence(source: PageSource, evidence: readonly Evidence[]): Promise<void> {
  for (const [month, pieces] of groupBy(evidence, ({ at }) => monthOf(at))) {
    for (let from = 0; from < pieces.length; from += EVIDENCE_PER_CALL) {
      await recordBatch(source, month, pieces.slice(from, from + EVIDENCE_PER_CALL));
    }
  }
}

async function recordBatch(source: PageSource, month: Month, batch: readonly Evidence[]): Promise<void> {
  const { names, service } = source;
  const classes = [...new Set(batch.map(({ className }): NameKey => `class:${className}`))];
  if (batch.some(({ className }) => names.code(service, 'class', className) === undefined)) {
    await names.intern(service, classes);
  }
  let isWhole = false;
  let reply = await callScript(source, month, batch, isWhole);
  // Twice: a ledger that was lost meanwhile knows neither the codes nor, at first, that it takes a whole call.
  for (let attempt = 0; attempt < 2 && reply !== 'recorded'; attempt++) {
    if (reply === 'codes') {
      names.forget(service);
      await names.intern(service, classes);
    } else if (reply === 'whole') {
      isWhole = true;
    }
    reply = await callScript(source, month, batch, isWhole);
  }
  if (reply !== 'recorded') throw new GatewayError('ledger-unavailable', `record answered "${reply}"`);
}

function callScript(
  { client, names, prefix, service }: PageSource,
  month: Month,
  batch: readonly Evidence[],
  isWhole: boolean,
): Promise<string> {
  const keys = createServiceKeys(prefix, service);
  const starts = monthStartSeconds(month);
  const codeOf = codesOf(names, service);
  const days = isWhole ? daysOf(month) : [];
  const buckets: string[] = [];
  const packed: Buffer[] = [];
  for (const [identity, pieces] of groupBy(batch, (piece): Identity => piece.identity)) {
    let [firstAt, lastAt] = [Number.POSITIVE_INFINITY, 0];
    for (const { at } of pieces) {
      firstAt = Math.min(firstAt, Math.floor(at / 1000));
      lastAt = Math.max(lastAt, Math.floor(at / 1000));
    }
    const day = dayOf(firstAt);
    if (!days.includes(day)) days.push(day);
    packed.push(packEvidence(pieces, { starts, firstAt, lastAt, dayPlace: days.indexOf(day) }, codeOf));
    const bucket = bucketOf(identity);
    buckets.push(keys.people(month, bucket), keys.people(previousMonth(month), bucket));
    if (isWhole) buckets.push(keys.people(nextMonth(month), bucket));
  }
  const scriptKeys = [
    ...[keys.names, keys.months, keys.limits, keys.alerts, keys.totals(month), keys.index(month)],
    keys.totals(nextMonth(month)),
    ...days.map((day) => keys.day(month, day)),
    ...buckets,
  ];
  return client.record(
    scriptKeys.length,
    ...scriptKeys,
    ...[names.epoch(service), month, days.length, isWhole ? 'whole' : '', Buffer.concat(packed)],
  );
}

function daysOf(month: Month): string[] {
  return Array.from({ length: daysInMonth(month) }, (_, position) => String(position + 1).padStart(2, '0'));
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
