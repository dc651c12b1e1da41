import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { PartDigest } from './archive-entry.ts';

const LINE_FEED = '\n';
/** No line of ours comes near it; a file that is not ours must not fill the memory. */
const LINE_CHARACTERS_MAX = 1_048_576;

/** Writes lines as a compressed file that is on the disk when this resolves, and says what they come to. */
export async function writePart(
  path: string,
  pieces: AsyncIterable<string>,
  onProgress: () => Promise<void>,
): Promise<PartDigest> {
  const hash = createHash('sha256');
  let rows = 0;
  async function* measure() {
    for await (const piece of pieces) {
      hash.update(piece);
      rows += piece.split(LINE_FEED).length - 1;
      await onProgress();
      yield piece;
    }
  }
  // Only for the owner: identities are in it. `flush`: synced before it is closed.
  await pipeline(measure(), createGzip(), createWriteStream(path, { mode: 0o600, flush: true }));
  return { rows, sha256: hash.digest('hex') };
}

/** What the lines of a compressed file come to; null when it is not there or cannot be unpacked. */
export async function measurePart(path: string): Promise<PartDigest | null> {
  const hash = createHash('sha256');
  let rows = 0;
  try {
    for await (const lines of readLines(path)) {
      for (const line of lines) hash.update(line).update(LINE_FEED);
      rows += lines.length;
    }
  } catch {
    return null;
  }
  return { rows, sha256: hash.digest('hex') };
}

/**
 * The lines of a compressed file, some at a time.
 *
 * @throws when it cannot be read or unpacked, or when it does not end with a line
 */
export async function* readLines(path: string): AsyncGenerator<string[], void, undefined> {
  let rest = '';
  const unpacked = createGunzip().setEncoding('utf8');
  // What goes wrong comes out below; whoever stops reading ends both.
  pipeline(createReadStream(path), unpacked).catch(() => {});
  for await (const chunk of unpacked as AsyncIterable<string>) {
    const lines = (rest + chunk).split(LINE_FEED);
    rest = lines.pop() ?? '';
    if (rest.length > LINE_CHARACTERS_MAX) throw new Error('a line is too long');
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') throw new Error('the last line is cut off');
}
