import type { AdmissionPreview, MonthPreview, MonthStanding, Standing } from '../admission-preview.ts';
import type { AdmitRequest } from '../ledger.ts';
import { bondsOf, isBlocked } from './bonds.ts';
import type { Books } from './books.ts';
import { fillOf } from './fill.ts';
import { toIdentityRecord } from './identity-record.ts';
import { MonthBook } from './month-book.ts';
import { whoIs } from './person.ts';
import { readTotals } from './read-totals.ts';

/** What {@link admit} would find of the person, from what is committed. */
export function readStanding(books: Books, request: AdmitRequest): Standing {
  return read(books, request, (_book, standing) => standing);
}

/** What it would look at. */
export function previewAdmission(books: Books, request: AdmitRequest): AdmissionPreview {
  return read(books, request, (book, standing): MonthPreview => {
    const { all, byClass, byTenant } = readTotals(books, request.service, standing.month);
    const limits = book.limits();
    const { newThisHour } = fillOf(books, book, book.clamp(request.life.issuedAt));
    return { ...standing, limits, all, byClass, byTenant, newThisHour: newThisHour() };
  });
}

function read<OfMonth extends MonthStanding>(
  books: Books,
  request: AdmitRequest,
  readMonth: (book: MonthBook, standing: MonthStanding) => OfMonth,
) {
  const { names, statements } = books;
  const service = names.findService(request.service);
  const { effective, adopted } = bondsOf(books, service, request.identity);
  const { month, otherMonth } = request.life;
  const who = whoIs(effective);
  const months = (otherMonth === null ? [month] : [month, otherMonth]).map((one) => {
    // A book of its own: those of the transactions belong to them.
    const book = new MonthBook(statements, service, one);
    const person = book.find(who);
    const record = person && toIdentityRecord(names, one, who.identity, person);
    return readMonth(book, { month: one, record, reason: book.hasReason(who) });
  });
  return {
    identity: effective,
    blocked: isBlocked(books, service, request.identity, effective),
    adopted,
    months,
  };
}
