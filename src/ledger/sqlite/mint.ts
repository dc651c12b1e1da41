import type { AdmitRequest, Admitted } from '../ledger.ts';
import type { Books } from './books.ts';
import type { MonthBook } from './month-book.ts';
import { hasSignal, isSameDay, type Person, setMark, type Who } from './person.ts';
import { saveCounted } from './save-counted.ts';

/** A month that a mint enters; `known` is the record that is there already. */
export interface Entry {
  book: MonthBook;
  known: Person | null;
  /** True when a limit that only warns would have refused them. */
  warned: boolean;
}

/** An admission that nothing stands against any more. */
export interface DecidedMint {
  request: AdmitRequest;
  who: Who;
  month: Entry;
  /** The second month, unless there is none or the token was cut to stay out of it. */
  other: Entry | null;
  expiresAt: number;
}

/** Writes a mint: the record in each month, the sums, the log. */
export function mint(books: Books, decided: DecidedMint): Admitted {
  const { request, who, month, other, expiresAt } = decided;
  const { issuedAt } = request.life;
  const person = month.known ?? newcomer(books, decided, month.book);
  const personInOther = other && (other.known ?? newcomer(books, decided, other.book));

  const ordinal = month.book.counts.countMint(issuedAt);
  const maskBefore = month.known ? month.known.mask : null;
  if (month.known) markKnown(month.book, person, request);
  // Who enters two months is returning in the later one. A mint of one month alone cannot come after the person entered
  // the next one, unless clocks are minutes apart: tokens touch the next month from its last minutes on.
  if (other && other.book.month < month.book.month) setMark(person, 'returning');
  person.mints += 1;
  person.lastSeen = Math.max(person.lastSeen, issuedAt);
  person.lastToken = { issuedAt, lifeSeconds: expiresAt - issuedAt, ordinal, policyMark: request.policyMark };
  saveCounted(books, month.book, who, person, maskBefore);

  if (other && personInOther) saveInOther(books, other, who, personInOther, request);
  for (const entry of other ? [month, other] : [month]) countWarning(books, entry, issuedAt);
  logMint(books, decided, person.classNumber, ordinal);

  const outcome = month.known ? 'known' : 'new';
  return { outcome, identity: who.identity, issuedAt, expiresAt, ordinal, month: month.book.month };
}

function newcomer(books: Books, { request, who, month }: DecidedMint, book: MonthBook): Person {
  const person = book.newcomer(who, {
    classNumber: books.names.numberOf(request.className),
    tenantNumber: request.tenant === null ? null : books.names.numberOf(request.tenant),
    at: request.life.issuedAt,
    signal: 'minted',
    source: book === month.book ? 'gateway' : 'previous-month',
  });
  if (request.hidden) setMark(person, 'hidden');
  return person;
}

/** A mint for somebody the month knows, perhaps by evidence only: then it is the first mint. */
function markKnown(book: MonthBook, person: Person, request: AdmitRequest): void {
  const { issuedAt } = request.life;
  if (!hasSignal(person, 'minted')) {
    book.signal(person, 'minted', issuedAt, 'gateway');
    if (request.hidden) setMark(person, 'hidden');
  }
  if (!isSameDay(person.firstSeen, issuedAt)) setMark(person, 'again');
}

/** The other month learns that there was a mint, and nothing else: its own mints are those issued in it. */
function saveInOther(
  books: Books,
  { book, known }: Entry,
  who: Who,
  person: Person,
  { life }: AdmitRequest,
): void {
  const maskBefore = known ? known.mask : null;
  if (!hasSignal(person, 'minted')) book.signal(person, 'minted', life.issuedAt, 'previous-month');
  if (book.month > life.month) setMark(person, 'returning');
  if (person.mask === maskBefore) return;
  saveCounted(books, book, who, person, maskBefore);
}

/** What a budget that only warns would have refused, in the month whose budget it is. */
function countWarning({ names }: Books, { book, warned }: Entry, issuedAt: number): void {
  if (warned) book.counts.countShadow(names.numberOf('mau-budget-exhausted'), book.clamp(issuedAt));
}

function logMint(
  { statements, names }: Books,
  decided: DecidedMint,
  classNumber: number,
  ordinal: number,
): void {
  const { request, who, month, expiresAt } = decided;
  const { issuedAt } = request.life;
  statements.run('add-mint', [
    month.book.service,
    month.book.number,
    ordinal,
    issuedAt,
    expiresAt - issuedAt,
    who.identity,
    request.identity === who.identity ? null : request.identity,
    classNumber,
    names.numberOf(request.intent),
    names.numberOf(request.rule),
    month.known ? 0 : 1,
  ]);
}
