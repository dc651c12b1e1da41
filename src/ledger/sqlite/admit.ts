import { monthEndSeconds } from '../../domain/month.ts';
import {
  CLOCK_MARGIN_SECONDS,
  reuseEndsSeconds,
  SHORTEST_LIFE_SECONDS,
  type TokenLife,
} from '../../domain/token-life.ts';
import type { AdmitRequest, Admitted, LedgerRefusal } from '../ledger.ts';
import { ledgerRefusals } from '../replies.ts';
import { bondsOf, isBlocked } from './bonds.ts';
import type { Books } from './books.ts';
import { judge } from './judge.ts';
import { mint } from './mint.ts';
import type { MonthBook } from './month-book.ts';
import { type LastToken, type Person, type Who, whoIs } from './person.ts';

/**
 * Decides one admission and writes it, inside a transaction. All is decided before anybody is counted; a
 * refusal counts nothing but itself.
 */
export function admit(books: Books, request: AdmitRequest): Admitted | LedgerRefusal {
  const { life } = request;
  const month = books.month(request.service, life.month);

  const { effective, adopted } = bondsOf(books, month.service, request.identity);
  if (adopted) return refuse(books, month, request, ledgerRefusals.adopted());
  const who = whoIs(effective);
  if (isBlocked(books, month.service, request.identity, effective))
    return refuse(books, month, request, ledgerRefusals.blocked());

  const known = month.find(who);
  const last = known && reusableToken(known, request);
  if (last) return reuse(month, who, request, last);

  const here = { book: month, known, ...judge(books, month, who, request, known) };
  if (here.refusal) return refuse(books, month, request, here.refusal);

  const other = findOther(books, who, request);
  if (!other?.refusal) return mint(books, { request, who, month: here, other, expiresAt: life.expiresAt });

  const cut = cutExpiry(life);
  if (cut === null) return refuse(books, month, request, other.refusal);
  return mint(books, { request, who, month: here, other: null, expiresAt: cut });
}

/** The month's last token while that may be given out again, under the same policy mark. */
function reusableToken(person: Person, request: AdmitRequest): LastToken | null {
  const last = person.lastToken;
  if (last === null || last.policyMark !== request.policyMark) return null;
  return request.life.issuedAt < reuseEndsSeconds(last.issuedAt, last.issuedAt + last.lifeSeconds)
    ? last
    : null;
}

/** The second month of the token's life, who is known there, and why a newcomer may not enter it. */
function findOther(books: Books, who: Who, request: AdmitRequest) {
  if (request.life.otherMonth === null) return null;
  const book = books.month(request.service, request.life.otherMonth);
  const known = book.find(who);
  return { book, known, ...judge(books, book, who, request, known) };
}

/** When the token must end because the other month refuses its holder; null when that leaves no token at all. */
function cutExpiry({ issuedAt, month, otherMonth }: TokenLife): number | null {
  if (otherMonth === null || otherMonth < month) return null;
  const cut = monthEndSeconds(month) - CLOCK_MARGIN_SECONDS;
  return cut - issuedAt >= SHORTEST_LIFE_SECONDS ? cut : null;
}

function refuse(
  books: Books,
  month: MonthBook,
  request: AdmitRequest,
  refusal: LedgerRefusal,
): LedgerRefusal {
  month.counts.countRefusal(books.names.numberOf(refusal.code), request.life.issuedAt);
  return refusal;
}

function reuse(month: MonthBook, who: Who, request: AdmitRequest, last: LastToken): Admitted {
  month.counts.countReuse(request.life.issuedAt);
  return {
    outcome: 'reuse',
    identity: who.identity,
    issuedAt: last.issuedAt,
    expiresAt: last.issuedAt + last.lifeSeconds,
    ordinal: last.ordinal,
    month: month.month,
  };
}
