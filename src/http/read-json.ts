import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { refused } from '../domain/refusal.ts';
import { type Problem, refusedByHttp } from './problem.ts';
import { checkLength } from './read-body.ts';

/** `application/json`, alone or with the only charset that JSON has. */
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

/** The refusal that the headers alone already deserve, or null. Chunked bodies are measured as they come. */
export function checkJsonHeaders(headers: IncomingMessage['headers'], bytesMax: number): Problem | null {
  const unfit = checkLength(headers, bytesMax);
  if (unfit !== null) return unfit;
  const type = headers['content-type'];
  if (type !== 'application/json' && (type === undefined || !JSON_TYPE.test(type))) {
    return refusedByHttp('unsupported-media-type', {
      detail: 'Content-Type must be application/json, in UTF-8.',
    });
  }
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return null;
  return refusedByHttp('unsupported-media-type', { detail: 'The body must not have a content encoding.' });
}

/**
 * The JSON object in a body, or the refusal. Depth needs no limit of its own: the parser does not recurse, and
 * the schemas behind it are flat.
 */
export function parseJsonObject(body: Buffer | null): { value: object } | { problem: Problem } {
  if (body === null) return { problem: malformed('The body is empty; a JSON object is needed.') };
  if (!isUtf8(body)) return { problem: malformed('The body must be UTF-8.') };
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // The parser's own message quotes the input; it may hold a token.
    return { problem: malformed('The body is not well-formed JSON.') };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value };
  return { problem: malformed('The body must be a JSON object.') };
}

function malformed(detail: string): Problem {
  return refused('invalid-request', { detail, errors: [{ pointer: '', detail }] });
}
