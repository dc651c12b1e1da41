import { GatewayError } from '../../../domain/gateway-error.ts';
import type { Identity } from '../../../domain/identity.ts';
import {
  dayNamesOf,
  type Month,
  monthStartSeconds,
  nextMonth,
  previousMonth,
} from '../../../domain/month.ts';
import { bucketOf } from '../../buckets.ts';
import type { ReplayedMint } from '../../replay.ts';
import { type MonthReplay, replayByMonth } from '../../replay-by-month.ts';
import { codesOf } from '../admission/admit-batches.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import type { PageSource } from '../pages.ts';
import { packReplay } from './packed-replay.ts';

const MINTS_PER_CALL = 64;

/** Writes down mints that were given out already, month by month; see `replay-n.lua`. */
export async function replayMints(source: PageSource, mints: readonly ReplayedMint[]): Promise<void> {
  for (const [month, entries] of replayByMonth(mints)) {
    for (let from = 0; from < entries.length; from += MINTS_PER_CALL) {
      await replayBatch(source, month, entries.slice(from, from + MINTS_PER_CALL));
    }
  }
}

async function replayBatch(source: PageSource, month: Month, told: readonly MonthReplay[]): Promise<void> {
  const { names, service } = source;
  const wanted = namesIn(told);
  let entries = told;
  await names.intern(service, wanted);
  let epoch = names.epoch(service);
  let reply = await callScript(source, month, entries);
  // Twice: a ledger that was lost meanwhile has other codes, and somebody may have been erased.
  for (let attempt = 0; attempt < 2 && reply[0] !== 'replayed'; attempt++) {
    if (reply === 'codes') {
      names.forget(service, epoch);
      await names.intern(service, wanted);
    } else if (typeof reply !== 'string' && reply[0] === 'erased') {
      entries = underPseudonyms(entries, reply.slice(1));
    }
    epoch = names.epoch(service);
    reply = await callScript(source, month, entries);
  }
  if (reply[0] !== 'replayed') throw new GatewayError('ledger-unavailable', `replay answered "${reply[0]}"`);
}

function namesIn(entries: readonly MonthReplay[]): NameKey[] {
  const wanted = new Set<NameKey>();
  for (const { mint } of entries) {
    wanted.add(`class:${mint.className}`).add(`intent:${mint.intent}`).add(`rule:${mint.rule}`);
    if (mint.tenant !== null) wanted.add(`tenant:${mint.tenant}`);
  }
  return [...wanted];
}

function underPseudonyms(
  entries: readonly MonthReplay[],
  placesAndPseudonyms: readonly (string | number)[],
): MonthReplay[] {
  const renamed = [...entries];
  for (let at = 0; at < placesAndPseudonyms.length; at += 2) {
    const place = Number(placesAndPseudonyms[at]);
    const pseudonym = placesAndPseudonyms[at + 1] as Identity;
    const { mint, ...entry } = entries[place]!;
    renamed[place] = { ...entry, mint: { ...mint, identity: pseudonym, own: pseudonym } };
  }
  return renamed;
}

function callScript(
  { writes, names, prefix, service }: PageSource,
  month: Month,
  entries: readonly MonthReplay[],
) {
  const keys = createServiceKeys(prefix, service);
  const starts = monthStartSeconds(month);
  const journals = [
    ...new Set(entries.flatMap(({ mint }) => (mint.journal === null ? [] : [mint.journal.id]))),
  ];
  const packed = entries.map((entry) => packReplay(entry, { starts, journals }, codesOf(names, service)));
  const days = dayNamesOf(month);
  const buckets = entries.flatMap(({ mint: { identity } }) =>
    [month, previousMonth(month), nextMonth(month)].map((one) => keys.people(one, bucketOf(identity))),
  );
  const scriptKeys = [
    ...[
      keys.names,
      keys.months,
      keys.limits,
      keys.alerts,
      keys.erased,
      keys.totals(month),
      keys.index(month),
    ],
    ...[keys.mints(month), keys.replayed(month), keys.totals(nextMonth(month))],
    ...days.map((day) => keys.day(month, day)),
    ...buckets,
  ];
  return writes.replay(
    scriptKeys.length,
    ...scriptKeys,
    ...[names.epoch(service), month, days.length, starts, Buffer.concat(packed), ...journals],
  );
}
