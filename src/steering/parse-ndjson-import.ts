import { setImmediate as letOthersRun } from 'node:timers/promises';
import {
  IMPORT_SHAPE,
  type ImportColumn,
  type ImportFault,
  type ImportLine,
  LINE_LENGTH_MAX,
  type ListShape,
} from './import-rows.ts';

/** Lines after which other requests are let in. */
const LINES_AT_A_STRETCH = 1_000;
const LINE_FEED = 10;

/** Reads one JSON object a line; empty lines are passed over. A line that cannot be read is a fault. */
export async function* parseNdjsonImport(
  body: Buffer,
  shape: ListShape = IMPORT_SHAPE,
): AsyncGenerator<ImportLine | ImportFault> {
  let line = 0;
  for (let from = 0; from < body.length; ) {
    const end = body.indexOf(LINE_FEED, from);
    const until = end < 0 ? body.length : end;
    const bytes = body.subarray(from, until);
    from = until + 1;
    line += 1;
    if (line % LINES_AT_A_STRETCH === 0) await letOthersRun();
    if (bytes.length > LINE_LENGTH_MAX) {
      yield { line, column: null, detail: `Is longer than ${LINE_LENGTH_MAX} bytes.` };
      continue;
    }
    const text = bytes.toString('utf8').trim();
    if (text !== '') yield parseLine(text, line, shape);
  }
}

function parseLine(text: string, line: number, { known, others }: ListShape): ImportLine | ImportFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, column: null, detail: 'Is not well-formed JSON.' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, column: null, detail: 'Must be a JSON object.' };
  }
  const cells: Partial<Record<ImportColumn, string>> = {};
  for (const [name, cell] of Object.entries(value)) {
    const column = known.find((one) => one === name);
    if (column === undefined) {
      if (others === 'ignored') continue;
      return { line, column: null, detail: `Has an unknown field; known are ${known.join(', ')}.` };
    }
    if (cell === null) continue;
    if (typeof cell !== 'string') return { line, column, detail: 'Must be text.' };
    cells[column] = cell;
  }
  return { line, cells };
}
