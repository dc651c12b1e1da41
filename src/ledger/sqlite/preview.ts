import type { Month } from '../../domain/month.ts';
import type { AdmissionPreview, MonthPreview } from '../admission-preview.ts';
import type { AdmitRequest } from '../ledger.ts';
import { bondsOf, isBlocked } from './bonds.ts';
import type { Books } from './books.ts';
import { fillOf } from './fill.ts';
import { toIdentityRecord } from './identity-record.ts';
import { MonthBook } from './month-book.ts';
import { type Who, whoIs } from './person.ts';
import { readTotals } from './read-totals.ts';

/** What {@link admit} would look at, from what is committed. */
export function previewAdmission(books: Books, request: AdmitRequest): AdmissionPreview {
  const service = books.names.findService(request.service);
  const { effective, adopted } = bondsOf(books, service, request.identity);
  const { month, otherMonth } = request.life;
  const months = otherMonth === null ? [month] : [month, otherMonth];
  return {
    identity: effective,
    blocked: isBlocked(books, service, request.identity, effective),
    adopted,
    months: months.map((one) => previewMonth(books, one, whoIs(effective), request)),
  };
}

function previewMonth(books: Books, month: Month, who: Who, request: AdmitRequest): MonthPreview {
  const { names, statements } = books;
  // A book of its own: those of the transactions belong to them.
  const book = new MonthBook(statements, names.findService(request.service), month);
  const person = book.find(who);
  const { all, byClass, byTenant } = readTotals(books, request.service, month);
  return {
    month,
    record: person && toIdentityRecord(names, month, who.identity, person),
    reason: book.hasReason(who),
    limits: book.limits(),
    all,
    byClass,
    byTenant,
    newThisHour: fillOf(books, book, book.clamp(request.life.issuedAt)).newThisHour(),
  };
}
