import { type Month, monthOf, nextMonth } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Evidence } from '../ledger.ts';
import { isMove } from '../read-horizon.ts';
import type { Books } from './books.ts';
import { readHorizon } from './horizon.ts';
import type { MonthBook } from './month-book.ts';
import { hasMark, isSameDay, setMark, type Who, whoIs } from './person.ts';
import { saveCounted } from './save-counted.ts';

/** Adds signals inside a transaction. Each piece names an effective identity: links are not followed. */
export function recordEvidence(books: Books, service: ServiceName, evidence: readonly Evidence[]): void {
  for (const piece of evidence) {
    if (proves(books, service, piece)) recordPiece(books, service, monthOf(piece.at), piece);
  }
}

function proves(
  { statements, names }: Books,
  service: ServiceName,
  { identity, at, upTo }: Evidence,
): boolean {
  if (upTo === undefined) return true;
  const known = readHorizon(statements, [names.findService(service), identity, upTo.conversation]);
  return isMove(known, upTo.index, at);
}

function recordPiece(books: Books, service: ServiceName, month: Month, piece: Evidence): void {
  const { signal, source } = piece;
  const at = Math.floor(piece.at / 1000);
  const book = books.month(service, month);
  const who = whoIs(piece.identity);

  const person = book.find(who);
  if (!person) {
    const classNumber = books.names.numberOf(piece.className);
    const newcomer = book.newcomer(who, { classNumber, tenantNumber: null, at, signal, source });
    saveCounted(books, book, who, newcomer, null);
    markReturning(books.month(service, nextMonth(month)), who);
    return;
  }
  const { mask: maskBefore, firstSeen: firstBefore } = person;
  book.signal(person, signal, at, source);
  person.firstSeen = Math.min(person.firstSeen, at);
  person.lastSeen = Math.max(person.lastSeen, at);
  if (!isSameDay(person.firstSeen, person.lastSeen)) setMark(person, 'again');
  book.counts.moveArrival(person, firstBefore);
  book.save(who, person, maskBefore);
}

/** Somebody known in the month after the one that they have just entered. */
export function markReturning(book: MonthBook, who: Who): void {
  const person = book.find(who);
  if (person === null || hasMark(person, 'returning')) return;
  const maskBefore = person.mask;
  setMark(person, 'returning');
  book.save(who, person, maskBefore);
}
