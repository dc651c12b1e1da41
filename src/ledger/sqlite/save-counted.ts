import type { BudgetScope } from '../../domain/refusal.ts';
import type { Books } from './books.ts';
import type { MonthBook } from './month-book.ts';
import type { Person, Who } from './person.ts';
import { fireThresholds } from './thresholds.ts';

/**
 * Saves a record and its place in the sums; a newcomer may be the one who reaches a threshold. `maskBefore` null: the
 * month did not know the person.
 */
export function saveCounted(
  books: Books,
  book: MonthBook,
  who: Who,
  person: Person,
  maskBefore: number | null,
): void {
  book.save(who, person, maskBefore);
  if (maskBefore === null) fireThresholds(books, book, scopesOf(books, person), person.firstSeen);
}

function scopesOf({ names }: Books, { classNumber, tenantNumber }: Person): BudgetScope[] {
  const scopes: BudgetScope[] = ['all', `class:${names.nameOf(classNumber)}`];
  if (tenantNumber !== null) scopes.push(`tenant:${names.nameOf(tenantNumber)}`);
  return scopes;
}
