import { createHash } from 'node:crypto';
import type { ExportSink } from './export-sink.ts';
import type { Download } from './gateway-client.ts';
import type { Session } from './session.ts';

export type ExportFileFormat = 'csv' | 'ndjson' | 'json';

export interface ExportOrder {
  /** Of the listing, such as `/v1/months/2026-11/identities`. */
  path: string;
  filter: Readonly<Record<string, string>>;
  format: ExportFileFormat;
  onProgress(rows: number): void;
}

/** What an export came to. */
export interface Exported {
  /** Of the whole export, also those that an earlier run has written. */
  rows: number;
  /** Of what this run was given, as its manifest counts it: lower-case hex, of a JSON list the NDJSON rows. */
  sha256: string;
}

/** Some 1 MB: quick to ask for again, little to hold, and few enough round trips. */
const ROWS_A_PART = 10_000;

const MEDIA_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson', json: 'application/x-ndjson' };

/** Takes an export part by part, so that one that breaks off goes on where it stood. */
export async function exportRows(session: Session, order: ExportOrder, sink: ExportSink): Promise<Exported> {
  const hash = createHash('sha256');
  let { rows } = sink.start;
  order.onProgress(rows);
  let asked: Promise<Download> | null = askForPart(session, order, sink.start.cursor);
  while (asked !== null) {
    const { text, headers }: Download = await asked;
    const cursor = headers.get('x-next-cursor');
    // On its way while this one is written.
    asked = cursor === null ? null : askForPart(session, order, cursor);
    hash.update(text);
    const isFirst = rows === 0;
    rows += Number(headers.get('x-row-count') ?? 0);
    const written = order.format === 'json' ? asJson(text, isFirst, cursor === null) : text;
    await sink.write(written, { cursor, rows });
    order.onProgress(rows);
  }
  return { rows, sha256: hash.digest('hex') };
}

function askForPart(
  session: Session,
  { path, format, filter }: ExportOrder,
  cursor: string | null,
): Promise<Download> {
  const asked = session.download({
    ...{ path, accept: MEDIA_TYPES[format] },
    query: { ...filter, limit: String(ROWS_A_PART), ...(cursor === null ? {} : { cursor }) },
  });
  // Whoever waits for the part is told; but writing the one before may fail first.
  asked.catch(() => {});
  return asked;
}

/** Lines of NDJSON as part of one JSON list, a row a line. */
function asJson(lines: string, isFirst: boolean, isLast: boolean): string {
  const body = lines.trimEnd().replaceAll('\n', ',\n');
  const before = isFirst ? '[\n' : body === '' ? '' : ',\n';
  return `${before}${body}${isLast ? '\n]\n' : ''}`;
}
