import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** How a stream ends when its reader goes away; nothing of ours is broken then. */
const GONE = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ECONNRESET', 'EPIPE']);

/**
 * Writes an export, no faster than it is taken, and stops reading the ledger when the taker goes away.
 *
 * A fault before the first piece leaves `out` untouched, so that it can still be answered properly. After a later
 * one `out` is not ended, and the caller must destroy it: ended cleanly, half an export would pass for a whole one.
 *
 * @param begin called once before the first piece, to send headers
 * @throws what reading threw
 */
export async function streamExport(
  pieces: AsyncGenerator<string, void, undefined>,
  out: Writable,
  begin: () => void,
): Promise<void> {
  const first = await pieces.next();
  begin();
  try {
    await pipeline(startingWith(first, pieces), out, { end: false });
    out.end();
  } catch (error) {
    if (!isGone(error)) throw error;
  } finally {
    await pieces.return();
  }
}

async function* startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncIterable<string>,
): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

function isGone(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && GONE.has(String(error.code));
}
