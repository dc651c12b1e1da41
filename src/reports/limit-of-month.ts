import { monthEndSeconds } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';
import type { Budget } from '../ledger/budget.ts';
import { limitInForce } from '../ledger/budget-rules.ts';
import type { MonthTotals } from '../ledger/ledger.ts';

/**
 * The limit of a scope with the raises in force now; of a month that is over, those in force in its last second. Raises end
 * with their month at the latest, and its figures must say afterwards, and when they are frozen, what they said before.
 */
export function limitOfMonth(
  { raises, month }: Pick<MonthTotals, 'raises' | 'month'>,
  budget: Budget,
  scope: BudgetScope,
  nowMs: number,
): number | null {
  return limitInForce(budget, raises, scope, month, Math.min(nowMs / 1000, monthEndSeconds(month) - 1));
}

/** The limit of the whole service, likewise; null without one and where the budget is off. */
export function wholeLimitOf(totals: MonthTotals, nowMs: number): number | null {
  const { budget } = totals;
  return budget === null || budget.mode === 'off' ? null : limitOfMonth(totals, budget, 'all', nowMs);
}
