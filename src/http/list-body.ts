import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { refused } from '../domain/refusal.ts';
import { type Problem, refusedByHttp } from './problem.ts';
import { collectBody } from './read-body.ts';

/** A list of people as it was sent: UTF-8, nothing else checked. */
export interface ListBody {
  format: 'csv' | 'ndjson';
  body: Buffer;
}

const LIST_BYTES_MAX = 16 * 1024 * 1024;

/** A type alone, or with the only charset that is read. */
const FORMATS: readonly (readonly [type: RegExp, format: ListBody['format']])[] = [
  [/^text\/csv[ \t]*(?:;[ \t]*(?:charset[ \t]*=[ \t]*"?utf-8"?|header[ \t]*=[ \t]*present)[ \t]*)*$/i, 'csv'],
  [/^application\/x-ndjson[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i, 'ndjson'],
];

/** Reads a body that is a list, all of it into memory, or says why it is none. */
export async function readListBody(request: IncomingMessage): Promise<ListBody | Problem> {
  const format = formatOf(request);
  if (format === null) {
    const detail = 'Content-Type must be text/csv or application/x-ndjson, in UTF-8 and not encoded.';
    return refusedByHttp('unsupported-media-type', { detail });
  }
  const body = await collectBody(request, LIST_BYTES_MAX);
  if (!Buffer.isBuffer(body)) return body;
  if (isUtf8(body)) return { format, body };
  const errors = [{ pointer: '', detail: 'Must be UTF-8.' }];
  return refused('invalid-request', { detail: 'The request has faults.', errors });
}

function formatOf({ headers }: IncomingMessage): ListBody['format'] | null {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return null;
  const type = headers['content-type'] ?? '';
  return FORMATS.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}
