import type { BudgetScope } from '../../domain/refusal.ts';
import type { Fill } from '../budget-rules.ts';
import type { Books } from './books.ts';
import type { MonthBook } from './month-book.ts';

/** How full a month is, with what this transaction has added. A name that was never used has nobody. */
export function fillOf({ names }: Pick<Books, 'names'>, book: MonthBook, at: number): Fill {
  const { counts } = book;
  const count = (name: string, read: (number: number) => number) => {
    const number = names.find(name);
    return number === null ? 0 : read(number);
  };
  return {
    all: () => counts.used(),
    ofClass: (className) => count(className, (number) => counts.usedByClass(number)),
    ofTenant: (tenant) => count(tenant, (number) => counts.usedByTenant(number)),
    newThisHour() {
      const classes = Object.keys(book.limits().budget?.priorities ?? {});
      return classes.reduce(
        (sum, name) => sum + count(name, (number) => counts.arrivedInHour(number, at)),
        0,
      );
    },
  };
}

/** How many identities fall in a scope. */
export function usedIn(fill: Fill, scope: BudgetScope): number {
  if (scope === 'all') return fill.all();
  const name = scope.slice(scope.indexOf(':') + 1);
  return scope.startsWith('class:') ? fill.ofClass(name) : fill.ofTenant(name);
}
