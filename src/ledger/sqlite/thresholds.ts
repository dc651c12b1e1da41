import type { BudgetScope } from '../../domain/refusal.ts';
import type { Alert } from '../alert-book.ts';
import { type BudgetCheck, limitInForce, thresholdReached } from '../budget-rules.ts';
import type { Books } from './books.ts';
import { fillOf, usedIn } from './fill.ts';
import type { MonthBook } from './month-book.ts';

/** How a scope stands at an instant. */
interface Level {
  scope: BudgetScope;
  /** Whole seconds since the epoch, within the month. */
  at: number;
  /** Null for none. */
  limit: number | null;
  used: number;
  /** The highest threshold reached, in percent, 0 for none. */
  reached: number;
}

/**
 * After newcomers were counted in these scopes: writes an alert for each threshold they reached. What is held never
 * falls here: a raise that ends while clocks differ would else fire over and over.
 */
export function fireThresholds(
  books: Books,
  book: MonthBook,
  scopes: readonly BudgetScope[],
  at: number,
): void {
  const { budget } = book.limits();
  if (budget === null || budget.mode === 'off' || budget.thresholds.length === 0) return;
  for (const scope of scopes) {
    const level = readLevel(books, book, scope, at);
    if (level.reached > 0) fireUp(books, book, level, heldBy(books, book, scope));
  }
}

/** After a change of limits: what is not reached any more is armed again and reported, what is reached now fires. */
export function weighThresholds(books: Books, book: MonthBook, at: number): void {
  for (const scope of scopesToWeigh(books, book)) {
    const level = readLevel(books, book, scope, at);
    const held = heldBy(books, book, scope);
    if (level.reached < held) recover(books, book, level, held);
    else fireUp(books, book, level, held);
  }
}

/** When the spike guard trips: one alert an hour. */
export function reportSpike(books: Books, book: MonthBook, { limit, used }: BudgetCheck, at: number): void {
  const key = [book.service, book.number, book.hourOfMonth(at)];
  if (books.statements.get('add-spike', key) === undefined) return;
  writeAlert(books, book, { at, budget: 'new-per-hour', threshold: 100, state: 'firing', limit, used });
}

function readLevel(books: Books, book: MonthBook, scope: BudgetScope, at: number): Level {
  const { budget, raises } = book.limits();
  const used = usedIn(fillOf(books, book, at), scope);
  const limit =
    budget === null || budget.mode === 'off' ? null : limitInForce(budget, raises, scope, book.month, at);
  const reached = limit === null ? 0 : thresholdReached(thresholdsOf(book), used, limit);
  return { scope, at, limit, used, reached };
}

/** The highest threshold of a scope whose alert was written and not taken back, 0 for none. */
function heldBy({ statements, names }: Books, { service, number }: MonthBook, scope: BudgetScope): number {
  const name = names.find(scope);
  return name === null ? 0 : (statements.get<[number]>('mark-of', [service, number, name])?.[0] ?? 0);
}

function fireUp(books: Books, book: MonthBook, level: Level, held: number): void {
  const { scope, at, limit, used, reached } = level;
  if (limit === null || reached <= held) return;
  const due = thresholdsOf(book).filter((percent) => percent > held && percent <= reached);
  for (const [position, threshold] of due.entries()) {
    const state = held === 0 && position === 0 ? 'firing' : 'escalated';
    writeAlert(books, book, { at, budget: scope, threshold, state, limit, used });
  }
  setMark(books, book, scope, reached);
}

/**
 * One alert, for the lowest threshold that is left. A limit that is gone is told as 0. Other thresholds alone are no
 * recovery: whoever is as full as before was told of it, and is not told again.
 */
function recover(books: Books, book: MonthBook, level: Level, held: number): void {
  const { scope, at, limit, used, reached } = level;
  const threshold = thresholdsOf(book).find((percent) => percent > reached && percent <= held) ?? held;
  if (limit !== null && used * 100 >= threshold * limit) return;
  writeAlert(books, book, { at, budget: scope, threshold, state: 'recovered', limit: limit ?? 0, used });
  setMark(books, book, scope, reached);
}

/** Every scope with a limit or a mark, each once. */
function scopesToWeigh(books: Books, book: MonthBook): BudgetScope[] {
  const { statements, names } = books;
  const key = [book.service, book.number];
  const limited = Object.keys(book.limits().budget?.scopes ?? {}).filter((scope) => scope !== 'tenant:*');
  const tenants = crowdedTenants(book).map((tenant) => `tenant:${names.nameOf(tenant)}`);
  const marked = statements.all<[number]>('read-marks', key).map(([scope]) => names.nameOf(scope));
  return [...new Set([...limited, ...tenants, ...marked])] as BudgetScope[];
}

/** Tenants who may have reached a threshold of the limit of each; there may be very many of the others. */
function crowdedTenants(book: MonthBook): number[] {
  const { budget } = book.limits();
  const ofEach = budget?.scopes['tenant:*'];
  const lowest = thresholdsOf(book)[0];
  if (budget?.mode === 'off' || ofEach === undefined || lowest === undefined) return [];
  return [...book.counts.usedByTenants()]
    .filter(([, identities]) => identities * 100 >= lowest * ofEach)
    .map(([tenant]) => tenant);
}

function thresholdsOf(book: MonthBook): readonly number[] {
  return book.limits().budget?.thresholds ?? [];
}

function setMark({ statements, names }: Books, book: MonthBook, scope: BudgetScope, held: number): void {
  statements.run('set-mark', [book.service, book.number, names.numberOf(scope), held]);
}

function writeAlert(
  { statements }: Books,
  book: MonthBook,
  { at, ...rest }: Omit<Alert, 'id' | 'month'>,
): void {
  const alert: Omit<Alert, 'id'> = { ...rest, at: at * 1000, month: book.month };
  statements.run('add-alert', [book.service, JSON.stringify(alert)]);
}
