import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { refused } from '../domain/refusal.ts';
import { buildProblem, PROBLEM_MEDIA_TYPE, type Problem, refusedByHttp } from './problem.ts';

/** A connection on which something came that is no request: how it was answered, for the log. Holds nothing of it. */
export interface MalformedRequest {
  status: number;
  /** Node's code of the fault, such as `HPE_INVALID_METHOD`. */
  fault: string;
  requestId: string;
}

interface Answer {
  status: number;
  problem: Problem;
}

/**
 * Answers what Node's parser gave up on, which the app never sees, by problem document, and closes the connection.
 * Nothing of what was sent is given back. Null when nobody can be answered any more.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { publicUrl, requestId }: { publicUrl: string | null; requestId: string },
): MalformedRequest | null {
  if (!socket.writable || isAnswering(socket)) {
    socket.destroy(error);
    return null;
  }
  const fault = error.code ?? 'unknown';
  const { status, problem } = answerTo(fault);
  // What was asked for is not known, so neither is its path.
  const answer = buildProblem(problem, { publicUrl, requestId, path: '/', authorization: undefined });
  const body = JSON.stringify({ ...JSON.parse(answer.body), status });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  return { status, fault, requestId };
}

function answerTo(fault: string): Answer {
  switch (fault) {
    case 'HPE_HEADER_OVERFLOW':
      return invalid(431, 'The header is too large.', 'Must be at most 16 KiB in all.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return invalid(408, 'The request did not arrive whole in time.', 'Must arrive sooner.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return {
        status: 413,
        problem: refusedByHttp('payload-too-large', { detail: 'The chunk extensions are too large.' }),
      };
    default:
      return invalid(400, 'This is not well-formed HTTP.', 'Must be an HTTP/1.1 request.');
  }
}

function invalid(status: number, detail: string, faultDetail: string): Answer {
  const errors = [{ pointer: '', detail: faultDetail }];
  return { status, problem: refused('invalid-request', { detail, errors }) };
}

/**
 * Whether another answer on this connection is begun or due: one that came whole before the fault. Ours would pass for
 * that one, and a counted mint for a refusal. Node keeps it where its own handling of such faults looks for it.
 */
function isAnswering(socket: Duplex): boolean {
  const { _httpMessage: response } = socket as Duplex & { _httpMessage?: ServerResponse | null };
  return response !== undefined && response !== null && (response.headersSent || response.req.complete);
}
