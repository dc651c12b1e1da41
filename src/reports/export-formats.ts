import { type Options, stringify } from 'csv-stringify/sync';

/** How the items of a listing become rows of a file. */
export interface ExportTable<Item, Row extends object = object> {
  columns: readonly string[];
  /** In the order of `columns`. */
  cells(item: Item): (string | number)[];
  /** The same as the JSON answer gives it. */
  row(item: Item): Row;
  /**
   * For a table of millions: the very lines that `cells` and `row` make, put together by hand. That takes a third of
   * the time; a test holds both to the same bytes.
   */
  lines?: Record<ExportFormat, (item: Item) => string>;
}

export type ExportFormat = 'csv' | 'ndjson';

export const EXPORT_MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
};

/**
 * A piece ends after so many. V8 keeps a text of more than 128 KiB apart from the young ones, and one that is still
 * being sent when it collects those stays until the next full collection: tens of megabytes in a large export.
 */
const PIECE_CHARACTERS = 65_536;

/**
 * Text of an export, one or more pieces for each page of items. The same items always give the same bytes. Nothing is
 * given before the first page was read, so that a ledger that is away is noticed before an answer has begun.
 *
 * CSV: RFC 4180 with CRLF and a header row; a cell that a spreadsheet would run as a formula begins with `'`.
 * NDJSON: one JSON object a line.
 *
 * @param head what stands before the first row; empty for rows that follow others
 */
export async function* exportText<Item>(
  table: ExportTable<Item>,
  format: ExportFormat,
  pages: AsyncIterable<Item[]>,
  head = headOf(table, format),
): AsyncGenerator<string, void, undefined> {
  const lineOf = lineEncoderOf(table, format);
  let text = head;
  for await (const items of pages) {
    for (const item of items) {
      text += lineOf(item);
      if (text.length < PIECE_CHARACTERS) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** What stands before the first row. */
export function headOf<Item>({ columns }: ExportTable<Item>, format: ExportFormat): string {
  return format === 'csv' ? encodeCsvLine([...columns]) : '';
}

/** What makes the lines of a table. */
export function lineEncoderOf<Item>(table: ExportTable<Item>, format: ExportFormat): (item: Item) => string {
  if (table.lines) return table.lines[format];
  return format === 'csv'
    ? (item) => encodeCsvLine(table.cells(item))
    : (item) => `${JSON.stringify(table.row(item))}\n`;
}

const CSV_OPTIONS: Options = {
  escape_formulas: true,
  record_delimiter: 'windows',
  // Of itself the library quotes only the pair of them, and a reader would take either for the end of a row.
  quoted_match: /[\r\n]/,
};

/** Cells without anything that CSV quotes, and without a first character that a spreadsheet takes for a formula. */
const PLAIN_LINE = /^(?:[\w.~|:][\w.~|:-]*)?(?:,(?:[\w.~|:][\w.~|:-]*)?)*$/;

/**
 * One line of CSV. A line of plain cells is only joined, which takes a million rows from the library's 1.7 s to
 * 0.7 s. Any other goes through the library; a test holds both ways to the same bytes.
 */
export function encodeCsvLine(cells: (string | number)[]): string {
  const line = cells.join(',');
  const isPlain = PLAIN_LINE.test(line) && !cells.some(hasComma);
  return isPlain ? `${line}\r\n` : stringify([cells], CSV_OPTIONS);
}

const PLAIN_CELL = /^(?:[\w.~|:][\w.~|:-]*)?$/;

/** One cell of a line of several. */
export function encodeCsvCell(text: string): string {
  if (PLAIN_CELL.test(text)) return text;
  // With an empty neighbour, since the library quotes an empty cell that is alone on its line.
  return stringify([[text, '']], CSV_OPTIONS).slice(0, -',\r\n'.length);
}

const PLAIN_TEXT = /^[\w.~|: -]*$/;

/** A text as JSON has it; one without anything to escape is only put in quotes. */
export function encodeJsonText(text: string): string {
  return PLAIN_TEXT.test(text) ? `"${text}"` : JSON.stringify(text);
}

function hasComma(cell: string | number): boolean {
  return typeof cell === 'string' && cell.includes(',');
}
