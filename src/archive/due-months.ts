import { type Month, monthOf, previousMonth } from '../domain/month.ts';

/** How many months before the running one rows are kept. */
export interface KeptMonths {
  mintMonths: number;
  identityMonths: number;
  conversationMonths: number;
}

/** The oldest month that is kept. */
export function oldestKept(nowMs: number, months: number): Month {
  let month = monthOf(nowMs);
  for (let back = 0; back < months; back += 1) month = previousMonth(month);
  return month;
}

/** Whether rows of a month may leave the ledger at all: never those of the running month, or of the one before it. */
export function mayLeave(month: Month, nowMs: number): boolean {
  return month < oldestKept(nowMs, 1);
}
