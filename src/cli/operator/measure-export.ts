import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { UsageError } from './usage-error.ts';

/** What a file comes to. */
export interface Measure {
  /** `json`: a list as `export --format json` writes it, one row of the NDJSON export a line. */
  format: 'csv' | 'ndjson' | 'json';
  rows: number;
  /** Of the file's bytes, lower-case hex; of a list, of the NDJSON rows in it. */
  sha256: string;
  /** False for a list that is not written just so: then its rows are not all that it holds. */
  isWhole: boolean;
}

type Chunks = AsyncIterable<Buffer>;

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
/** A list begins so, and no row of an NDJSON export does. */
const BRACKET = '[';
/** Far above any row: what is longer is no export, and is not gathered in memory. */
const LINE_BYTES_MAX = 1_048_576;

/**
 * Rows and digest of a file, which is never in memory as a whole.
 *
 * @param expected the format of its manifest; a JSON list has that of the NDJSON export
 * @throws UsageError when the file cannot be read
 */
export async function measureExport(path: string, expected: 'csv' | 'ndjson'): Promise<Measure> {
  try {
    const isList = expected === 'ndjson' && (await readBeginning(path)) === BRACKET;
    const chunks = createReadStream(path) as Chunks;
    return await (isList ? measureList(chunks) : measureLines(chunks, expected));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`${path} cannot be read: ${code}`);
  }
}

async function readBeginning(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { end: 0 }) as Chunks) return chunk.toString('latin1');
  return '';
}

async function measureLines(chunks: Chunks, format: 'csv' | 'ndjson'): Promise<Measure> {
  const hash = createHash('sha256');
  let records = 0;
  let isQuoted = false;
  for await (const chunk of chunks) {
    hash.update(chunk);
    for (const byte of chunk) {
      // A quoted cell may hold line ends; NDJSON escapes its own.
      if (byte === QUOTE && format === 'csv') isQuoted = !isQuoted;
      else if (byte === LINE_FEED && !isQuoted) records += 1;
    }
  }
  const header = format === 'csv' && records > 0 ? 1 : 0;
  return { format, rows: records - header, sha256: hash.digest('hex'), isWhole: true };
}

/** A list differs from the NDJSON rows by its brackets and by a comma behind every row but the last. */
async function measureList(chunks: Chunks): Promise<Measure> {
  const hash = createHash('sha256');
  let rows = 0;
  let stage: 'begin' | 'row-due' | 'last-seen' | 'end' | 'broken' = 'begin';
  for await (const line of linesOf(chunks)) {
    const text = line.length <= 2 ? line.toString('latin1') : '';
    if (stage === 'begin') stage = text === '[\n' ? 'row-due' : 'broken';
    else if (stage === 'last-seen') stage = text === ']\n' ? 'end' : 'broken';
    else if (stage !== 'row-due') stage = 'broken';
    else if (text === '\n' && rows === 0) stage = 'last-seen';
    else {
      rows += 1;
      stage = digestRow(hash, line) ? 'row-due' : 'last-seen';
    }
  }
  return { format: 'json', rows, sha256: hash.digest('hex'), isWhole: stage === 'end' };
}

/** Answers whether another row follows. */
function digestRow(hash: Hash, line: Buffer): boolean {
  const isFollowed = line.subarray(-2).toString('latin1') === ',\n';
  hash.update(isFollowed ? line.subarray(0, -2) : line);
  if (isFollowed) hash.update('\n');
  return isFollowed;
}

/** Lines with their line feeds; the last one may have none. */
async function* linesOf(chunks: Chunks): AsyncGenerator<Buffer, void, undefined> {
  let open: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      const line = chunk.subarray(from, end + 1);
      yield open.length > 0 ? Buffer.concat([open, line]) : line;
      open = Buffer.alloc(0);
      from = end + 1;
    }
    open = Buffer.concat([open, chunk.subarray(from)]);
    // Two parts of one long line are two rows that no manifest knows.
    if (open.length > LINE_BYTES_MAX) {
      yield open;
      open = Buffer.alloc(0);
    }
  }
  if (open.length > 0) yield open;
}
