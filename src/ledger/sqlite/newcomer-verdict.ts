import type { BudgetScope } from '../../domain/refusal.ts';
import type { TokenLife } from '../../domain/token-life.ts';
import { type BudgetCheck, checkBudget } from '../budget-rules.ts';
import type { AdmitRequest, LedgerRefusal } from '../ledger.ts';
import { ledgerRefusals } from '../replies.ts';
import type { Books } from './books.ts';
import { fillOf } from './fill.ts';
import type { MonthBook } from './month-book.ts';
import type { Who } from './person.ts';

/** What a month says about somebody it does not know. */
export interface NewcomerVerdict {
  /** Null: nothing stands against them. */
  refusal: LedgerRefusal | null;
  /** True when a limit that only warns would have refused them. */
  warned: boolean;
  /** The spike guard, when it tripped over them. */
  spike: BudgetCheck | null;
  /** The limit that refuses them, unless it is the spike guard's. */
  full: BudgetScope | null;
}

/** What of a request bears on a newcomer. */
export type NewcomerRequest = Pick<
  AdmitRequest,
  'className' | 'tenant' | 'intent' | 'knownOnly' | 'needsReason'
> & { life: Pick<TokenLife, 'issuedAt'> };

export function judgeNewcomer(
  books: Books,
  book: MonthBook,
  who: Who,
  request: NewcomerRequest,
): NewcomerVerdict {
  if (request.knownOnly) return refusal(ledgerRefusals.knownOnly(request.intent));
  if (request.needsReason && !book.hasReason(who)) return refusal(ledgerRefusals.noReason());
  const { frozenSince } = book.limits();
  if (frozenSince !== null) return refusal(ledgerRefusals.frozen(frozenSince));
  return weighBudget(books, book, request);
}

function refusal(refusal: LedgerRefusal): NewcomerVerdict {
  return { refusal, warned: false, spike: null, full: null };
}

function weighBudget(books: Books, book: MonthBook, request: NewcomerRequest): NewcomerVerdict {
  const { month } = book;
  const { className, tenant } = request;
  const at = book.clamp(request.life.issuedAt);
  const verdict: NewcomerVerdict = { refusal: null, warned: false, spike: null, full: null };
  const limits = { ...book.limits(), month };
  for (const check of checkBudget(limits, { className, tenant, at }, fillOf(books, book, at))) {
    if (check.passes) continue;
    if (check.budget === 'new-per-hour') verdict.spike = check;
    if (check.blocks) {
      const full = check.budget === 'new-per-hour' ? null : check.budget;
      return { ...verdict, refusal: ledgerRefusals.exhausted({ ...check, month, at }), full };
    }
    verdict.warned = true;
  }
  return verdict;
}
