import type { NextFunction, Request, Response } from 'express';
import { EXPORT_MEDIA_TYPES, type ExportFormat } from '../reports/export-formats.ts';
import { EXPORT_ROWS_MAX, type ListingQuery, PAGE_ROWS, PAGE_ROWS_MAX } from '../reports/listing-query.ts';
import type { RowReport } from '../reports/row-report.ts';
import { streamExport } from '../reports/stream-export.ts';
import { refusedQuery, STRANGE_CURSOR } from './operator-query.ts';
import { type Problem, refusedByHttp } from './problem.ts';

const JSON_TYPE = 'application/json';
const ROW_TYPES = [JSON_TYPE, EXPORT_MEDIA_TYPES.csv, EXPORT_MEDIA_TYPES.ndjson];

/** The most rows that `limit` may ask for: an export may be taken in larger parts than a page. */
export function rowsMax(request: Request): number {
  return request.accepts(ROW_TYPES) === JSON_TYPE ? PAGE_ROWS_MAX : EXPORT_ROWS_MAX;
}

/**
 * A page as JSON; or, when the Accept header asks for an export, every row, those behind `cursor`, or with `limit` a
 * part of them, whose headers `Link` and `X-Next-Cursor` say where the next one begins, and `X-Row-Count` how many it has.
 */
export async function sendRows<Row>(
  request: Request,
  response: Response,
  next: NextFunction,
  report: RowReport<Row>,
  { cursor, limit }: ListingQuery,
): Promise<void> {
  response.vary('Accept');
  const type = request.accepts(ROW_TYPES);
  if (type === false) return next(notAcceptable());
  if (type === JSON_TYPE) {
    const page = await report.page(cursor, limit ?? PAGE_ROWS);
    if (page === null) return next(refusedQuery([STRANGE_CURSOR]));
    response.set('Cache-Control', 'no-store').json(page);
    return;
  }
  const format = type === EXPORT_MEDIA_TYPES.csv ? 'csv' : 'ndjson';
  if (limit !== null) {
    const part = await report.part(format, cursor, limit);
    if (part === null) return next(refusedQuery([STRANGE_CURSOR]));
    setFileHeaders(response, report, format);
    response.set('X-Row-Count', String(part.rows));
    if (part.nextCursor !== null) {
      response.set('X-Next-Cursor', part.nextCursor);
      response.set('Link', `<${nextUrl(request, part.nextCursor)}>; rel="next"`);
    }
    response.end(part.text);
    return;
  }
  const pieces = cursor === null ? report.text(format) : report.textFrom(format, cursor);
  if (pieces === null) return next(refusedQuery([STRANGE_CURSOR]));
  await send(request, response, pieces, () => setFileHeaders(response, report, format));
}

/** Streams every row of a report as a file to be saved. */
export function sendExport(
  request: Request,
  response: Response,
  report: RowReport<unknown>,
  format: ExportFormat,
): Promise<void> {
  return send(request, response, report.text(format), () => setFileHeaders(response, report, format));
}

async function send(
  request: Request,
  response: Response,
  pieces: AsyncGenerator<string, void, undefined>,
  begin: () => void,
): Promise<void> {
  if (request.method !== 'HEAD') return streamExport(pieces, response, begin);
  begin();
  response.end();
}

function setFileHeaders(response: Response, { fileStem }: RowReport<unknown>, format: ExportFormat): void {
  response.set({
    'Content-Type': `${EXPORT_MEDIA_TYPES[format]}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${fileStem}.${format}"`,
    'Cache-Control': 'no-store',
  });
}

/** The same question from the cursor on. Without a host: the Host header is never echoed. */
function nextUrl(request: Request, cursor: string): string {
  const url = new URL(request.originalUrl, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  return `${url.pathname}${url.search}`;
}

function notAcceptable(): Problem {
  return refusedByHttp('not-acceptable', { detail: `This address gives ${ROW_TYPES.join(', ')}.` });
}
