import type { Identity } from '../domain/identity.ts';
import { instantOf } from '../domain/instant.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { bitOf, type EvidenceSource, MARKS, type Mark, type Signal } from '../domain/signal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { IdentityRecord, MintRecord } from '../ledger/records.ts';
import type { MonthFigures } from '../ledger/retention.ts';
import { type ClosedMonth, readClosedMonth } from '../reconcile/closed-month.ts';
import { type ExportTable, exportText } from '../reports/export-formats.ts';
import { listIdentities } from '../reports/identity-rows.ts';
import { readAll } from '../reports/listing.ts';
import { listMints, type MintRow, mintTable } from '../reports/mint-rows.ts';
import type { ArchivePart } from './archive-entry.ts';

/** Everything the ledger knows of an identity in a month, as a line. Instants are ISO-8601. */
export interface PersonLine {
  identity: string;
  class: string;
  tenant: string | null;
  firstSeen: string;
  lastSeen: string;
  mints: number;
  marks: Mark[];
  signals: { signal: Signal; at: string; source: EvidenceSource }[];
}

const PERSON_TABLE: Pick<ExportTable<IdentityRecord, PersonLine>, 'columns' | 'cells' | 'row'> = {
  columns: [],
  cells: () => [],
  row: (record) => ({
    ...{ identity: record.identity, class: record.className, tenant: record.tenant },
    ...{ firstSeen: instantOf(record.firstSeen), lastSeen: instantOf(record.lastSeen), mints: record.mints },
    marks: MARKS.filter((mark) => (record.mask & bitOf(mark)) !== 0),
    signals: record.signals.map(({ signal, firstAt, source }) => ({
      signal,
      at: instantOf(firstAt),
      source,
    })),
  }),
};

/** What a month came to beside its rows, and what was frozen of it. */
export interface ArchivedFigures extends MonthFigures {
  closed: ClosedMonth | null;
  /** Other closings that entries before had, oldest first: a ledger that lost the month may have closed it anew. */
  earlier?: ClosedMonth[];
}

type Reader = Pick<Ledger, 'mints' | 'identities' | 'totals' | 'days' | 'documents'>;

const EVERYBODY = { className: null, signals: [], not: [], beginning: null };

/**
 * The lines of a part, piece by piece; holds two pages of the ledger at most. Those of the mint log are the very bytes of
 * its export as NDJSON.
 */
export function linesOf(
  ledger: Reader,
  service: ServiceName,
  month: Month,
  part: ArchivePart,
): AsyncGenerator<string, void, undefined> {
  switch (part) {
    case 'mints': {
      const listing = listMints(ledger, service, month, { className: null, beginning: null });
      return exportText(mintTable(month), 'ndjson', readAll(listing));
    }
    case 'identities':
      return exportText(PERSON_TABLE, 'ndjson', readAll(listIdentities(ledger, service, month, EVERYBODY)));
    case 'figures':
      return figureLines(ledger, service, month);
    default:
      return part satisfies never;
  }
}

async function* figureLines(ledger: Reader, service: ServiceName, month: Month) {
  const [totals, days, closed] = await Promise.all([
    ledger.totals(service, month),
    ledger.days(service, month),
    readClosedMonth(ledger, service, month),
  ]);
  const { minted, reused, adopted, refused, shadow, conversations } = totals;
  const figures: ArchivedFigures = {
    totals: { minted, reused, adopted, refused: sorted(refused), shadow: sorted(shadow), conversations },
    days: days.map((day) => {
      const { minted: mintedOn, reused: reusedOn, refused: refusedOn } = day;
      return { day: day.day, minted: mintedOn, reused: reusedOn, refused: sorted(refusedOn) };
    }),
    closed,
  };
  yield `${JSON.stringify(figures)}\n`;
}

export function parseMintLine(line: string): MintRecord {
  const row = JSON.parse(line) as MintRow;
  return {
    ordinal: Number(row.id.slice(row.id.lastIndexOf('-') + 1)),
    ...{ issuedAt: secondsOf(row.at), expiresAt: secondsOf(row.expiresAt) },
    ...{ identity: row.identity as Identity, subject: row.subject as Identity, className: row.class },
    ...{ intent: row.intent, outcome: row.first ? 'new' : 'known', rule: row.rule },
  };
}

export function parsePersonLine(line: string): IdentityRecord {
  const row = JSON.parse(line) as PersonLine;
  const names = [...row.marks, ...row.signals.map(({ signal }) => signal)];
  return {
    ...{ identity: row.identity as Identity, className: row.class, tenant: row.tenant },
    ...{ firstSeen: secondsOf(row.firstSeen), lastSeen: secondsOf(row.lastSeen), mints: row.mints },
    mask: names.reduce((mask, name) => mask | bitOf(name), 0),
    signals: row.signals.map(({ signal, at, source }) => ({ signal, firstAt: secondsOf(at), source })),
  };
}

export function parseFigureLine(line: string): ArchivedFigures {
  return JSON.parse(line) as ArchivedFigures;
}

function secondsOf(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** In one order, so that the same figures are the same bytes on both ledgers. */
function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([one], [two]) => (one < two ? -1 : 1)));
}
