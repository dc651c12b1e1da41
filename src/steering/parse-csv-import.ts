import { finished } from 'node:stream/promises';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import {
  IMPORT_SHAPE,
  type ImportColumn,
  type ImportFault,
  type ImportLine,
  LINE_LENGTH_MAX,
  type ListShape,
} from './import-rows.ts';

/**
 * Reads CSV with a header row: RFC 4180, a byte order mark allowed, empty lines passed over. A line that cannot be
 * read is a fault and the rest is read on; a quote that never ends takes the rest with it.
 */
export async function* parseCsvImport(
  body: Buffer,
  shape: ListShape = IMPORT_SHAPE,
): AsyncGenerator<ImportLine | ImportFault> {
  let columns: (ImportColumn | null)[] | null = null;
  for await (const row of readRecords(body)) {
    if ('detail' in row) yield row;
    else if (columns === null) {
      const faults = findHeaderFaults(row.record, row.line, shape);
      yield* faults;
      if (faults.length > 0) return;
      columns = row.record.map((name) => findColumn(trimName(name), shape));
    } else yield buildLine(row, columns);
  }
  if (columns === null) yield { line: 1, column: null, detail: 'Must be a header row.' };
}

interface CsvRecord {
  line: number;
  record: string[];
}

/** @param columns null for those that are passed over */
function buildLine(
  { line, record }: CsvRecord,
  columns: readonly (ImportColumn | null)[],
): ImportLine | ImportFault {
  if (record.length !== columns.length) {
    const detail = `Has ${record.length} columns; the header has ${columns.length}.`;
    return { line, column: null, detail };
  }
  const cells = columns.flatMap((name, at) => (name === null ? [] : [[name, record[at]]]));
  return { line, cells: Object.fromEntries(cells) };
}

/**
 * The records are taken as they are parsed and not from the parser's stream: a stream that fails drops those that
 * nobody has read yet.
 */
async function* readRecords(body: Buffer): AsyncGenerator<CsvRecord | ImportFault> {
  let records: CsvRecord[] = [];
  let readUntil = 0;
  const parser = parse({
    bom: true,
    // Also both in one file: people paste rows together.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LINE_LENGTH_MAX,
    on_record: (record: string[], { lines: line }) => {
      readUntil = line;
      records.push({ line, record });
      return null;
    },
  });
  parser.resume();
  const over = finished(parser).then(
    () => null,
    (error: unknown) => error,
  );
  for (const slice of slices(body)) {
    const failed = await new Promise((resolve) => parser.write(slice, resolve));
    yield* records;
    records = [];
    if (failed) break;
    await letOthersRun();
  }
  parser.end();
  const error = await over;
  yield* records;
  if (error === null) return;
  if (!(error instanceof CsvError)) throw error;
  // The library's own message quotes the line.
  const detail = 'From here on the file cannot be read; is a quote never closed?';
  yield { line: readUntil + 1, column: null, detail };
}

const SLICE_BYTES = 65_536;

/** Small pieces, so that reading a large file lets other requests in between. */
function* slices(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += SLICE_BYTES) yield body.subarray(at, at + SLICE_BYTES);
}

function findHeaderFaults(
  header: readonly string[],
  line: number,
  { known, needed, others }: ListShape,
): ImportFault[] {
  const names = header.map(trimName);
  const faults: ImportFault[] = [];
  const refuse = (detail: string) => faults.push({ line, column: null, detail });
  names.forEach((name, at) => {
    if (!(known as readonly string[]).includes(name)) {
      if (others === 'ignored') return;
      refuse(`Column ${at + 1} of the header is unknown; known are ${known.join(', ')}.`);
    } else if (names.indexOf(name) !== at) {
      refuse(`The header has the column ${name} twice.`);
    }
  });
  for (const name of needed) {
    if (!names.includes(name)) refuse(`The header lacks the column ${name}.`);
  }
  return faults;
}

function findColumn(name: string, { known }: ListShape): ImportColumn | null {
  return known.find((column) => column === name) ?? null;
}

function trimName(name: string): string {
  return name.trim();
}
