import { GatewayError } from '../../domain/gateway-error.ts';

/**
 * Rows a page holds at most, whatever was asked: a thousand take 3 to 6 ms, and nothing else runs
 * meanwhile.
 */
const PAGE_ROWS_MAX = 1_000;

export function pageRows(limit: number): number {
  return Math.min(Math.max(Math.floor(limit), 1), PAGE_ROWS_MAX);
}

const PERSON_CURSOR = /^(\d{1,5}):(.*)$/s;

/** Reads `<bucket>:<identity>`; null starts before everyone. */
export function parsePersonCursor(after: string | null): [bucket: number, identity: string] {
  if (after === null) return [-1, ''];
  const match = PERSON_CURSOR.exec(after);
  if (!match) throw malformed(after);
  return [Number(match[1]), match[2] ?? ''];
}

/** Reads `<ordinal>`; null starts before the first. */
export function parseMintCursor(after: string | null): number {
  if (after === null) return 0;
  if (!/^\d{1,15}$/.test(after)) throw malformed(after);
  return Number(after);
}

/** Reads the id of a row that counts downwards; null starts at the newest. */
export function parseNewestCursor(after: string | null): number {
  return after === null ? Number.MAX_SAFE_INTEGER : parseMintCursor(after);
}

/** Cursors are checked where they come in; one that gets here was made by a program. */
function malformed(after: string): GatewayError {
  return new GatewayError('internal', `malformed page cursor: ${after}`);
}
