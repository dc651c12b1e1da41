import type { CliIo } from '../cli-io.ts';
import { readTextFile } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** What a list of people is written in: as it was told, or by the name of its file. */
export function listFormat(file: string, format: string | undefined): 'csv' | 'ndjson' {
  if (format === 'csv' || format === 'ndjson') return format;
  if (format !== undefined) throw new UsageError(`--format ${format}: must be csv or ndjson`);
  if (/\.csv$/i.test(file)) return 'csv';
  if (/\.(ndjson|jsonl)$/i.test(file)) return 'ndjson';
  throw new UsageError('say with --format whether the file is csv or ndjson');
}

export function readListFile(io: CliIo, file: string): string {
  const text = readTextFile(io, file);
  // Read as UTF-8, which it is not: names would be taken over wrongly.
  if (text.includes('\ufffd')) throw new UsageError(`${file} must be UTF-8`);
  return text;
}
