import { type Month, monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Evidence } from '../ledger.ts';
import type { Books } from './books.ts';
import { isSameDay, setMark, whoIs } from './person.ts';
import { saveCounted } from './save-counted.ts';

/**
 * Adds signals inside a transaction, of a batch the earlier month first, so that whoever is in both is `returning`
 * in the later. Each piece names an effective identity: links are not followed.
 */
export function recordEvidence(books: Books, service: ServiceName, evidence: readonly Evidence[]): void {
  const dated = evidence.map((piece) => ({ piece, month: monthOf(piece.at) }));
  dated.sort((a, b) => (a.month < b.month ? -1 : Number(a.month > b.month)));
  for (const { piece, month } of dated) recordPiece(books, service, month, piece);
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
    return;
  }
  const maskBefore = person.mask;
  book.signal(person, signal, at, source);
  person.firstSeen = Math.min(person.firstSeen, at);
  person.lastSeen = Math.max(person.lastSeen, at);
  if (!isSameDay(person.firstSeen, person.lastSeen)) setMark(person, 'again');
  book.save(who, person, maskBefore);
}
