import { createHash } from 'node:crypto';

/** Where a filtered listing goes on. */
export interface PageCursor {
  /** The ledger's own position to read from; null is the beginning. */
  position: string | null;
  /** Last item given out when it lies inside the ledger page that begins at `position`; items up to it are left out. */
  after: string | null;
}

/** The beginning of a listing. */
export const FIRST_PAGE: PageCursor = { position: null, after: null };

/**
 * The cursor as text for the outside; opaque there.
 *
 * @param question everything that the rows depend on: listing, service, month and filter
 */
export function encodeCursor(cursor: PageCursor, question: readonly unknown[]): string {
  const { position: p, after: a } = cursor;
  return Buffer.from(JSON.stringify({ p, a, f: fingerprintOf(cursor, question) })).toString('base64url');
}

/**
 * Reads a cursor back. Null when it is not one of ours, was changed, or belongs to another question: it would
 * answer with the wrong rows. Anybody can make one up, so a position is held against the form that ledgers give.
 *
 * @param positions the form of positions where the rows come from
 */
export function parseCursor(
  text: string,
  question: readonly unknown[],
  positions: RegExp,
): PageCursor | null {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null) return null;
  const { p, a, f } = body as { p?: unknown; a?: unknown; f?: unknown };
  if (!isTextOrNull(p) || !isTextOrNull(a) || (p !== null && !positions.test(p))) return null;
  const cursor: PageCursor = { position: p, after: a };
  return f === fingerprintOf(cursor, question) ? cursor : null;
}

/** 11 characters: enough against a mix-up. It is no secret, since a cursor gives no right to anything. */
function fingerprintOf({ position, after }: PageCursor, question: readonly unknown[]): string {
  const text = JSON.stringify([position, after, ...question]);
  return createHash('sha256').update(text).digest().subarray(0, 8).toString('base64url');
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
