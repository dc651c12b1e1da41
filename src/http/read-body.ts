import type { IncomingMessage } from 'node:http';
import { refused } from '../domain/refusal.ts';
import { type Problem, refusedByHttp } from './problem.ts';

/** Node reads and drops what is left of a refused body; beyond this the connection is closed instead. */
const DROPPED_BYTES_MAX = 262_144;
/** Pieces that a body may come in, however small they are, and bytes that further ones must have on average. */
const SMALL_PIECES_MAX = 256;
const PIECE_BYTES_MIN = 64;

const detail = 'The body did not arrive whole.';
const CUT_OFF = refused('invalid-request', { detail, errors: [{ pointer: '', detail }] });
/** Only where the gateway is mounted in an app of somebody else's. */
const READ_BEFORE = 'The body was read before the gateway was asked: mount body parsers behind it.';

const FORM_TYPE =
  /^application\/x-www-form-urlencoded[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

/** Whether a body is a form, in an encoding that can be read. */
export function isForm(headers: IncomingMessage['headers']): boolean {
  return FORM_TYPE.test(headers['content-type'] ?? '');
}

/** The refusal of a body that says itself that it is too large, or null. */
export function checkLength(headers: IncomingMessage['headers'], bytesMax: number): Problem | null {
  const bytes = Number(headers['content-length'] ?? 0);
  return bytes > bytesMax ? tooLarge(bytesMax, bytes > DROPPED_BYTES_MAX) : null;
}

/**
 * Reads a body into memory. Answers it once it is whole, null for none, or the refusal as soon as it is too large or comes in
 * crumbs: each piece costs Node as much as it can carry, so that a body of single bytes kept a core busy with a megabyte a
 * second. Never answers when the client goes away before that.
 *
 * @throws Error when somebody else has read it
 */
export function readBody(
  request: IncomingMessage,
  bytesMax: number,
  onBody: (body: Buffer | null, problem: Problem | null) => void,
): void {
  if (request.readableEnded) throw new Error(READ_BEFORE);
  let pieces: Buffer[] | null = [];
  let bytes = 0;
  request.on('data', (piece: Buffer) => {
    if (pieces === null) return;
    pieces.push(piece);
    bytes += piece.length;
    const crumbles = pieces.length > SMALL_PIECES_MAX && bytes < pieces.length * PIECE_BYTES_MIN;
    if (bytes <= bytesMax && !crumbles) return;
    pieces = null;
    onBody(null, bytes > bytesMax ? tooLarge(bytesMax, true) : crumbled());
  });
  request.on('end', () => {
    if (pieces === null) return;
    onBody(pieces.length > 1 ? Buffer.concat(pieces) : (pieces[0] ?? null), null);
  });
}

/** The same, as a promise. */
export function readWholeBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | null | Problem> {
  return new Promise((resolve) => readBody(request, bytesMax, (body, problem) => resolve(problem ?? body)));
}

/** The same, as a promise that always settles: of the body, empty for none, or of a refusal, also when the client goes away. */
export function collectBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | Problem> {
  const unfit = checkLength(request.headers, bytesMax);
  if (unfit !== null) return Promise.resolve(unfit);
  return new Promise((resolve) => {
    readBody(request, bytesMax, (body, problem) => resolve(problem ?? body ?? Buffer.alloc(0)));
    request.on('close', () => resolve(CUT_OFF));
  });
}

function tooLarge(bytesMax: number, closes: boolean): Problem {
  return refusedByHttp('payload-too-large', {
    detail: `The body may have ${bytesMax} bytes at most.`,
    closes,
  });
}

function crumbled(): Problem {
  return refusedByHttp('payload-too-large', {
    detail: `The body comes in too many pieces; they must have ${PIECE_BYTES_MIN} bytes on average.`,
    closes: true,
  });
}
