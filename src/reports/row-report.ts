import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { type ExportFormat, type ExportTable, exportText } from './export-formats.ts';
import { IDENTITY_TABLE, type IdentityFilter, type IdentityRow, listIdentities } from './identity-rows.ts';
import { collectPage, type Listing, readAll } from './listing.ts';
import { listMints, type MintFilter, type MintRow, mintTable } from './mint-rows.ts';
import { encodeCursor, FIRST_PAGE, parseCursor } from './page-cursor.ts';

/** Rows of a month, by page or all of them as text. */
export interface RowReport<Row> {
  /** Name of an export's file, without its ending. */
  fileStem: string;
  /** A page; null when the cursor is malformed or belongs to another report, month, service or filter. */
  page(cursor: string | null, limit: number): Promise<{ items: Row[]; nextCursor: string | null } | null>;
  /** Every row, piece by piece; holds no more than one ledger page. */
  text(format: ExportFormat): AsyncGenerator<string, void, undefined>;
}

export function reportIdentities(
  ledger: Pick<LedgerReader, 'identities'>,
  service: ServiceName,
  month: Month,
  filter: IdentityFilter,
): RowReport<IdentityRow> {
  const listing = listIdentities(ledger, service, month, filter);
  return buildReport(listing, IDENTITY_TABLE, [service, month, 'identities'], filter);
}

export function reportMints(
  ledger: Pick<LedgerReader, 'mints'>,
  service: ServiceName,
  month: Month,
  filter: MintFilter,
): RowReport<MintRow> {
  const listing = listMints(ledger, service, month, filter);
  return buildReport(listing, mintTable(month), [service, month, 'mints'], filter);
}

function buildReport<Item, Row extends object>(
  listing: Listing<Item>,
  table: ExportTable<Item, Row>,
  subject: readonly string[],
  filter: object,
): RowReport<Row> {
  const question = [...subject, filter];
  return {
    fileStem: ['mau-guard', ...subject].join('-'),
    async page(cursor, limit) {
      const from = cursor === null ? FIRST_PAGE : parseCursor(cursor, question);
      if (from === null) return null;
      const { items, next } = await collectPage(listing, from, limit);
      return { items: items.map(table.row), nextCursor: next && encodeCursor(next, question) };
    },
    text: (format) => exportText(table, format, readAll(listing)),
  };
}
