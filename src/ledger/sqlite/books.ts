import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { MonthBook } from './month-book.ts';
import type { Names } from './names.ts';
import type { Statements } from './statements.ts';

/** Everything one transaction has opened. Emptied by {@link write} or {@link forget} at its end. */
export class Books {
  readonly statements: Statements;
  readonly names: Names;
  readonly #months = new Map<string, MonthBook>();

  constructor(statements: Statements, names: Names) {
    this.statements = statements;
    this.names = names;
  }

  month(service: ServiceName, month: Month): MonthBook {
    const key = `${service}:${month}`;
    let book = this.#months.get(key);
    if (!book) {
      book = new MonthBook(this.statements, this.names.numberOf(service), month);
      this.#months.set(key, book);
    }
    return book;
  }

  /**
   * Writes the sums that gathered and forgets what was read: before the commit, and before a step that asks the tables
   * themselves or changes limits.
   */
  write(): void {
    for (const book of this.#months.values()) book.counts.write();
    this.#months.clear();
  }

  /** After a rollback. */
  forget(): void {
    this.#months.clear();
    this.names.forget();
  }
}
