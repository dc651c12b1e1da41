import { instantOf } from '../domain/instant.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { bitOf, SIGNALS, type Signal, signalsOf } from '../domain/signal.ts';
import { bucketOf } from '../ledger/buckets.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { IdentityRecord } from '../ledger/records.ts';
import { type ExportTable, encodeCsvCell, encodeJsonText } from './export-formats.ts';
import type { Listing } from './listing.ts';

/** An identity of a month as the operator API gives it. Instants are ISO-8601. */
export interface IdentityRow {
  identity: string;
  class: string;
  firstSeen: string;
  lastSeen: string;
  mints: number;
  signals: Signal[];
}

/** Which identities are asked for; all conditions must hold. */
export interface IdentityFilter {
  /** Null: any class. */
  className: string | null;
  /** Signals that must all be there. */
  signals: readonly Signal[];
  /** Signals of which none may be there. */
  not: readonly Signal[];
  /** The identity or its beginning, case kept; null: any. */
  beginning: string | null;
}

export function buildIdentityRow(record: IdentityRecord): IdentityRow {
  return {
    identity: record.identity,
    class: record.className,
    firstSeen: instantOf(record.firstSeen),
    lastSeen: instantOf(record.lastSeen),
    mints: record.mints,
    signals: signalsOf(record.mask),
  };
}

/** The identity export; columns are fixed by the contract, new ones only at the end. */
export const IDENTITY_TABLE: ExportTable<IdentityRecord, IdentityRow> = {
  columns: ['identity', 'class', 'firstSeen', 'lastSeen', 'mints', 'signals'],
  cells: (record) => [
    record.identity,
    record.className,
    instantOf(record.firstSeen),
    instantOf(record.lastSeen),
    record.mints,
    signalsOf(record.mask).join('|'),
  ],
  row: buildIdentityRow,
  lines: {
    csv: (record) => {
      const { identity, className, firstSeen, lastSeen, mints, mask } = record;
      const who = `${encodeCsvCell(identity)},${encodeCsvCell(className)}`;
      return `${who},${instantOf(firstSeen)},${instantOf(lastSeen)},${mints},${textOfSignals(mask).csv}\r\n`;
    },
    ndjson: (record) => {
      const { identity, className, firstSeen, lastSeen, mints, mask } = record;
      const who = `"identity":${encodeJsonText(identity)},"class":${encodeJsonText(className)}`;
      const seen = `"firstSeen":"${instantOf(firstSeen)}","lastSeen":"${instantOf(lastSeen)}"`;
      return `{${who},${seen},"mints":${mints},"signals":${textOfSignals(mask).json}}\n`;
    },
  },
};

/** By the signals' bits of a mask, 512 of them: the texts are made once. */
const signalTexts: ({ csv: string; json: string } | undefined)[] = [];

function textOfSignals(mask: number): { csv: string; json: string } {
  const bits = mask & ((1 << SIGNALS.length) - 1);
  let text = signalTexts[bits];
  if (text === undefined) {
    const signals = signalsOf(bits);
    text = { csv: signals.join('|'), json: JSON.stringify(signals) };
    signalTexts[bits] = text;
  }
  return text;
}

/** The month's identities that pass the filter, in the ledger's order: bucket, then identity. */
export function listIdentities(
  reader: Pick<LedgerReader, 'identities'>,
  service: ServiceName,
  month: Month,
  filter: IdentityFilter,
): Listing<IdentityRecord> {
  return {
    read: (page) => reader.identities(service, month, page),
    matches: buildMatch(filter),
    markOf: (record) => record.identity,
    isBehind: (record, mark) => compareIdentities(record.identity, mark) > 0,
  };
}

function buildMatch(filter: IdentityFilter): ((record: IdentityRecord) => boolean) | null {
  const { className, beginning } = filter;
  const wanted = filter.signals.reduce((mask, signal) => mask | bitOf(signal), 0);
  const unwanted = filter.not.reduce((mask, signal) => mask | bitOf(signal), 0);
  if (className === null && beginning === null && wanted === 0 && unwanted === 0) return null;
  return (record) =>
    (className === null || record.className === className) &&
    (beginning === null || record.identity.startsWith(beginning)) &&
    (record.mask & wanted) === wanted &&
    (record.mask & unwanted) === 0;
}

function compareIdentities(left: string, right: string): number {
  const buckets =
    bucketOf(left as IdentityRecord['identity']) - bucketOf(right as IdentityRecord['identity']);
  if (buckets !== 0) return buckets;
  return left < right ? -1 : left > right ? 1 : 0;
}
