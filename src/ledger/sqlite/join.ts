import { monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { JoinRequest, LedgerRefusal } from '../ledger.ts';
import type { Books } from './books.ts';
import { judge } from './judge.ts';
import { whoIs } from './person.ts';
import { recordEvidence } from './record-evidence.ts';

/** Lets somebody into a conversation and counts them, or refuses; inside a transaction. */
export function joinMonth(
  books: Books,
  service: ServiceName,
  { identity, signal, className, at }: JoinRequest,
): 'counted' | 'known' | LedgerRefusal {
  const book = books.month(service, monthOf(at));
  const who = whoIs(identity);
  const known = book.find(who);
  const atSeconds = Math.floor(at / 1000);
  const request = {
    ...{ className, tenant: null, intent: '', knownOnly: false, needsReason: false },
    life: { issuedAt: atSeconds },
  };
  const { refusal, warned } = judge(books, book, who, request, known);
  if (refusal !== null) {
    book.counts.countRefusal(books.names.numberOf(refusal.code), atSeconds);
    return refusal;
  }
  if (warned) book.counts.countShadow(books.names.numberOf('mau-budget-exhausted'), atSeconds);
  // A clock behind takes nobody to another day: only evidence knows better when somebody was first seen.
  const notBefore = known === null ? at : Math.max(at, known.firstSeen * 1000);
  recordEvidence(books, service, [{ identity, signal, at: notBefore, source: 'webhook', className }]);
  return known === null ? 'counted' : 'known';
}
