import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { refused } from '../domain/refusal.ts';
import { type Problem, refusedByHttp } from './problem.ts';

/** `application/json`, alone or with the only charset that JSON has. */
const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

/** The refusal that the headers alone already deserve, or null. Chunked bodies are measured as they come. */
export function checkJsonHeaders(headers: IncomingMessage['headers'], bytesMax: number): Problem | null {
  const type = headers['content-type'];
  if (type !== 'application/json' && (type === undefined || !JSON_TYPE.test(type))) {
    return refusedByHttp('unsupported-media-type', {
      detail: 'Content-Type must be application/json, in UTF-8.',
    });
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return refusedByHttp('unsupported-media-type', { detail: 'The body must not have a content encoding.' });
  }
  return Number(headers['content-length'] ?? 0) > bytesMax ? tooLarge(bytesMax) : null;
}

/**
 * Reads a small body. Answers it once it is whole, or the refusal as soon as it is too large; never answers
 * when the client goes away before that.
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  onBody: (body: Buffer | null, problem: Problem | null) => void,
): void {
  let body: Buffer | null = null;
  let open = true;
  request.on('data', (chunk: Buffer) => {
    if (!open) return;
    body = body === null ? chunk : Buffer.concat([body, chunk]);
    if (body.length <= bytesMax) return;
    open = false;
    onBody(null, tooLarge(bytesMax));
  });
  request.on('end', () => {
    if (open) onBody(body, null);
  });
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

function tooLarge(bytesMax: number): Problem {
  return refusedByHttp('payload-too-large', { detail: `The body may have ${bytesMax} bytes at most.` });
}
