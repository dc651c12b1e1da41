import { IDENTITY_LENGTH_MAX } from '../domain/identity.ts';
import type { InputFault } from '../domain/refusal.ts';
import { SIGNALS, type Signal } from '../domain/signal.ts';

/** Rows of a JSON page unless told, and at most. */
export const PAGE_ROWS = 100;
export const PAGE_ROWS_MAX = 1_000;
/** Rows of one part of an export at most: some 5 MB of text. */
export const EXPORT_ROWS_MAX = 50_000;

/** What may stand in the query of a listing, read and checked. Null is: not asked for. */
export interface ListingQuery {
  service: string | null;
  cursor: string | null;
  limit: number | null;
  className: string | null;
  signals: Signal[];
  not: Signal[];
  /** The identity or its beginning. */
  beginning: string | null;
  /** Version of counting rules. */
  rules: string | null;
}

export type QueryName = 'service' | 'cursor' | 'limit' | 'class' | 'signal' | 'not' | 'q' | 'rules';

/**
 * Reads a query string; all faults at once. Unknown names are refused: a misspelt filter would otherwise answer
 * with everything.
 *
 * @param allowed names that the address knows
 * @param limitMax the most that `limit` may ask for
 */
export function parseListingQuery(
  search: URLSearchParams,
  allowed: readonly QueryName[],
  limitMax = PAGE_ROWS_MAX,
): ListingQuery | InputFault[] {
  const faults: InputFault[] = [];
  const refuse = (name: string, detail: string) => faults.push({ pointer: `?${name}`, detail });

  for (const name of new Set(search.keys())) {
    if (!(allowed as readonly string[]).includes(name)) {
      refuse(name, `Unknown; this address takes ${allowed.join(', ') || 'no parameters'}.`);
    } else if (name !== 'signal' && name !== 'not' && search.getAll(name).length > 1) {
      refuse(name, 'May stand here only once.');
    }
  }

  const readSignals = (name: 'signal' | 'not'): Signal[] => {
    const words = search.getAll(name).flatMap((value) => value.split(','));
    if (words.some((word) => !isSignal(word))) refuse(name, `Each must be one of ${SIGNALS.join(', ')}.`);
    return SIGNALS.filter((signal) => words.includes(signal));
  };

  const limitText = search.get('limit');
  const limit = limitText === null ? null : parseWhole(limitText);
  if (limit !== null && !(limit >= 1 && limit <= limitMax)) {
    refuse('limit', `Must be a whole number from 1 to ${limitMax}.`);
  }

  const beginning = search.get('q') || null;
  if (beginning !== null && beginning.length > IDENTITY_LENGTH_MAX) {
    refuse('q', `Must have at most ${IDENTITY_LENGTH_MAX} characters.`);
  }

  const query: ListingQuery = {
    service: search.get('service'),
    cursor: search.get('cursor'),
    limit,
    className: search.get('class') || null,
    signals: readSignals('signal'),
    not: readSignals('not'),
    beginning,
    rules: search.get('rules'),
  };
  return faults.length > 0 ? faults : query;
}

function isSignal(word: string): word is Signal {
  return (SIGNALS as readonly string[]).includes(word);
}

function parseWhole(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}
