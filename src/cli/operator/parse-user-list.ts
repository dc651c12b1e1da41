import { CsvError, type Info, parse } from 'csv-parse/sync';
import { UsageError } from './usage-error.ts';

/** One user of the app's own list. */
export interface ListedUser {
  /** Of the file, from 1. */
  line: number;
  /** What the gateway is told: `subject`, `issuer` and `class`, as far as the list has them. */
  person: Record<string, unknown>;
  /** Everything else, by its name in the list; it stays here. */
  further: Record<string, unknown>;
}

export interface UserList {
  users: ListedUser[];
  /** Names of the further columns of a CSV, in their order; empty for NDJSON. */
  columns: string[];
}

export interface UserListForm {
  format: 'csv' | 'ndjson';
  /** Which column holds the subject. */
  subjectColumn: string;
  /** For a list without issuers; null: the gateway's only one. */
  issuer: string | null;
}

const LINES_TOLD_MAX = 20;

/**
 * Reads a list of users. Only its form is looked at: whom a line means is for the gateway to say.
 *
 * @throws UsageError with all lines that cannot be read
 */
export function parseUserList(text: string, form: UserListForm): UserList {
  const list = form.format === 'csv' ? parseCsv(text) : parseNdjson(text);
  const users = list.rows.map(({ line, row }) => splitRow(line, row, form));
  if (form.format === 'csv' && !list.columns.includes(form.subjectColumn)) {
    throw new UsageError(
      `the list has no column ${form.subjectColumn}; name the one with subjects by --subject-column`,
    );
  }
  return { users, columns: list.columns.filter((name) => isFurther(name, form)) };
}

interface RawList {
  columns: string[];
  rows: { line: number; row: Record<string, unknown> }[];
}

function parseCsv(text: string): RawList {
  const [header, ...records] = readRecords(text);
  const columns = (header?.record ?? []).map((name) => name.trim());
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined) throw new UsageError(`the list has the column ${twice} twice`);
  const faults = records.flatMap(({ record, info: { lines } }) =>
    record.length === columns.length
      ? []
      : [`line ${lines}: has ${record.length} columns; the header has ${columns.length}`],
  );
  refuseFaults(faults);
  const rows = records.map(({ record, info: { lines: line } }) => ({
    line,
    row: Object.fromEntries(columns.map((name, at) => [name, record[at]])),
  }));
  return { columns, rows };
}

function readRecords(text: string): { info: Info; record: string[] }[] {
  try {
    return parse(text, {
      ...{ bom: true, info: true, relax_column_count: true, skip_empty_lines: true },
      record_delimiter: ['\r\n', '\n', '\r'],
    }) as unknown as { info: Info; record: string[] }[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The library's own message quotes the list.
    throw new UsageError('the list cannot be read as CSV; is a quote never closed?');
  }
}

function parseNdjson(text: string): RawList {
  const faults: string[] = [];
  const rows = text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const row = parseObject(line);
    if (row === null) faults.push(`line ${at + 1}: is no JSON object`);
    return row === null ? [] : [{ line: at + 1, row }];
  });
  refuseFaults(faults);
  return { columns: [], rows };
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function refuseFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length - LINES_TOLD_MAX;
  const told = [...faults.slice(0, LINES_TOLD_MAX), ...(more > 0 ? [`and ${more} more`] : [])];
  throw new UsageError(`the list cannot be read\n  ${told.join('\n  ')}`);
}

function splitRow(line: number, row: Record<string, unknown>, form: UserListForm): ListedUser {
  const { subjectColumn, issuer } = form;
  const person = {
    subject: row[subjectColumn],
    issuer: row['issuer'] || (issuer ?? undefined),
    class: row['class'],
  };
  const further = Object.fromEntries(Object.entries(row).filter(([name]) => isFurther(name, form)));
  return { line, person, further };
}

function isFurther(name: string, { subjectColumn }: UserListForm): boolean {
  return ![subjectColumn, 'issuer', 'class'].includes(name);
}
