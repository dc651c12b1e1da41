import type { LedgerRefusal } from '../ledger.ts';
import type { Books } from './books.ts';
import type { MonthBook } from './month-book.ts';
import { judgeNewcomer, type NewcomerRequest } from './newcomer-verdict.ts';
import type { Person, Who } from './person.ts';
import { fireThresholds, reportSpike } from './thresholds.ts';

/**
 * Whether the month takes them; whoever it knows, it does. Alerts of the spike guard, and of a limit that refuses, are
 * written here, whatever becomes of the admission: it tripped, and a limit may have been reached without a newcomer.
 */
export function judge(
  books: Books,
  book: MonthBook,
  who: Who,
  request: NewcomerRequest,
  known: Person | null,
): { refusal: LedgerRefusal | null; warned: boolean } {
  if (known) return { refusal: null, warned: false };
  const { refusal, warned, spike, full } = judgeNewcomer(books, book, who, request);
  const at = book.clamp(request.life.issuedAt);
  if (spike) reportSpike(books, book, spike, at);
  if (full) fireThresholds(books, book, [full], at);
  return { refusal, warned };
}
