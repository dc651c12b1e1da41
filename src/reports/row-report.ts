import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { PERSON_POSITION, ROW_POSITION } from '../ledger/page.ts';
import { type ExportFormat, type ExportTable, exportText, headOf, lineEncoderOf } from './export-formats.ts';
import { IDENTITY_TABLE, type IdentityFilter, type IdentityRow, listIdentities } from './identity-rows.ts';
import { collectPage, type Listing, readAll, readFrom } from './listing.ts';
import { listMints, type MintFilter, type MintRow, mintTable } from './mint-rows.ts';
import { encodeCursor, FIRST_PAGE, type PageCursor, parseCursor } from './page-cursor.ts';

/** Rows of a month, by page or all of them as text. */
export interface RowReport<Row> {
  /** Name of an export's file, without its ending. */
  fileStem: string;
  /** A page; null when the cursor is malformed or belongs to another report, month, service or filter. */
  page(cursor: string | null, limit: number): Promise<{ items: Row[]; nextCursor: string | null } | null>;
  /** Every row, piece by piece; holds no more than one ledger page. */
  text(format: ExportFormat): AsyncGenerator<string, void, undefined>;
  /** The same without what stands before the cursor and without a header; null as for {@link page}. */
  textFrom(format: ExportFormat, cursor: string): AsyncGenerator<string, void, undefined> | null;
  /**
   * Up to `limit` rows as text, all of it in memory. Parts joined in their order, the first without a cursor, are the
   * bytes of {@link text}. Null as for {@link page}.
   */
  part(
    format: ExportFormat,
    cursor: string | null,
    limit: number,
  ): Promise<{ text: string; rows: number; nextCursor: string | null } | null>;
}

export function reportIdentities(
  ledger: Pick<LedgerReader, 'identities'>,
  service: ServiceName,
  month: Month,
  filter: IdentityFilter,
): RowReport<IdentityRow> {
  const listing = listIdentities(ledger, service, month, filter);
  const subject = [service, month, 'identities'];
  return buildReport({ listing, table: IDENTITY_TABLE, subject, filter, positions: PERSON_POSITION });
}

export function reportMints(
  ledger: Pick<LedgerReader, 'mints'>,
  service: ServiceName,
  month: Month,
  filter: MintFilter,
): RowReport<MintRow> {
  const listing = listMints(ledger, service, month, filter);
  const subject = [service, month, 'mints'];
  return buildReport({ listing, table: mintTable(month), subject, filter, positions: ROW_POSITION });
}

interface ReportParts<Item, Row extends object> {
  listing: Listing<Item>;
  table: ExportTable<Item, Row>;
  subject: readonly string[];
  filter: object;
  /** The form of the ledger's positions. */
  positions: RegExp;
}

function buildReport<Item, Row extends object>(parts: ReportParts<Item, Row>): RowReport<Row> {
  const { listing, table, subject, filter, positions } = parts;
  const question = [...subject, filter];
  const startOf = (cursor: string | null): PageCursor | null =>
    cursor === null ? FIRST_PAGE : parseCursor(cursor, question, positions);
  return {
    fileStem: ['mau-guard', ...subject].join('-'),
    async page(cursor, limit) {
      const from = startOf(cursor);
      if (from === null) return null;
      const { items, next } = await collectPage(listing, from, limit);
      return { items: items.map(table.row), nextCursor: next && encodeCursor(next, question) };
    },
    text: (format) => exportText(table, format, readAll(listing)),
    textFrom(format, cursor) {
      const from = startOf(cursor);
      return from && exportText(table, format, readFrom(listing, from), '');
    },
    async part(format, cursor, limit) {
      const from = startOf(cursor);
      if (from === null) return null;
      const { items, next } = await collectPage(listing, from, limit);
      const lines = items.map(lineEncoderOf(table, format)).join('');
      const text = cursor === null ? headOf(table, format) + lines : lines;
      return { text, rows: items.length, nextCursor: next && encodeCursor(next, question) };
    },
  };
}
