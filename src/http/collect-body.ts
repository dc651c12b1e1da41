import type { IncomingMessage } from 'node:http';
import { refused } from '../domain/refusal.ts';
import { type Problem, refusedByHttp } from './problem.ts';

const detail = 'The body did not arrive whole.';
const cutOff = { detail, errors: [{ pointer: '', detail }] };

/**
 * Reads a body of some megabytes into memory; a refusal as soon as it is too large, or when the client goes away
 * before its end.
 */
export function collectBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | Problem> {
  const tooLarge = () =>
    refusedByHttp('payload-too-large', { detail: `The body may have ${bytesMax} bytes at most.` });
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve(tooLarge());
  return new Promise((resolve) => {
    let pieces: Buffer[] = [];
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= bytesMax) pieces.push(piece);
      else {
        pieces = [];
        resolve(tooLarge());
      }
    });
    request.on('end', () => resolve(Buffer.concat(pieces)));
    request.on('close', () => resolve(refused('invalid-request', cutOff)));
  });
}
