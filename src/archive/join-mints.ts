import { parseMintLine } from './archive-lines.ts';
import { type Joined, type Pseudonyms, rename } from './join-rows.ts';

/**
 * Passes the ledger's rows of a mint log on, held against those of an entry: both are in the order of ordinals, and a row
 * never changes but for a pseudonym.
 *
 * @param archived lines of the entry
 * @param pieces lines of the ledger, whole ones
 * @param joined is told what differs
 */
export async function* joinMints(
  archived: AsyncIterable<string[]>,
  pieces: AsyncIterable<string>,
  pseudonyms: Pseudonyms,
  joined: Joined,
): AsyncGenerator<string, void, undefined> {
  const rest = linesIn(archived);
  try {
    yield* joinLines(rest, pieces, pseudonyms, joined);
  } finally {
    // Whoever stops reading in the middle leaves no file open.
    await rest.return();
  }
}

async function* joinLines(
  rest: AsyncGenerator<string, void, undefined>,
  pieces: AsyncIterable<string>,
  pseudonyms: Pseudonyms,
  joined: Joined,
): AsyncGenerator<string, void, undefined> {
  let old = await next(rest);
  for await (const piece of pieces) {
    for (const line of piece.split('\n')) {
      if (line === '') continue;
      if (line === old) {
        old = await next(rest);
        continue;
      }
      const { ordinal } = parseMintLine(line);
      while (old !== null && parseMintLine(old).ordinal < ordinal) {
        joined.missing += 1;
        old = await next(rest);
      }
      if (old !== null && parseMintLine(old).ordinal === ordinal) {
        const isSame = line === old || line === rename(old, pseudonyms);
        if (!isSame) joined.missing += 1;
        if (!isSame) joined.clashing += 1;
        if (line !== old) joined.added += 1;
        old = await next(rest);
      } else {
        joined.added += 1;
        if (old !== null) joined.clashing += 1;
      }
    }
    yield piece;
  }
  for (; old !== null; old = await next(rest)) joined.missing += 1;
}

async function* linesIn(groups: AsyncIterable<string[]>): AsyncGenerator<string, void, undefined> {
  for await (const lines of groups) yield* lines;
}

async function next(lines: AsyncGenerator<string, void, undefined>): Promise<string | null> {
  const { value } = await lines.next();
  return value ?? null;
}
