import type { BudgetScope } from '../../domain/refusal.ts';
import type { AdmitRequest, Budget, LedgerRefusal } from '../ledger.ts';
import { ledgerRefusals } from '../replies.ts';
import type { Books } from './books.ts';
import type { MonthBook } from './month-book.ts';

/** Why somebody the month does not know may not enter it, or null when nothing stands against it. */
export function newcomerRefusal(books: Books, book: MonthBook, request: AdmitRequest): LedgerRefusal | null {
  if (request.knownOnly) return ledgerRefusals.knownOnly(request.intent);

  const { budget, frozenSince } = book.limits();
  if (frozenSince !== null) return ledgerRefusals.frozen(frozenSince);

  if (budget?.mode !== 'block') return null;
  return exhaustedScope(books, book, request, budget);
}

function exhaustedScope(
  books: Books,
  book: MonthBook,
  request: AdmitRequest,
  budget: Budget,
): LedgerRefusal | null {
  const { counts } = book;
  const { className, tenant } = request;
  const scopes: [BudgetScope, () => number][] = [
    ['all', () => counts.used()],
    [`class:${className}`, () => counts.usedByClass(books.names.numberOf(className))],
  ];
  if (tenant !== null)
    scopes.push([`tenant:${tenant}`, () => counts.usedByTenant(books.names.numberOf(tenant))]);

  for (const [scope, readUsed] of scopes) {
    const limit = budget.scopes[scope];
    if (limit === undefined) continue;
    const used = readUsed();
    if (used >= limit) return ledgerRefusals.exhausted(scope, limit, used, book.month);
  }
  return null;
}
