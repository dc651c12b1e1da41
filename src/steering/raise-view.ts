import { instantOf } from '../domain/instant.ts';
import type { Month } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';
import type { Raise } from '../ledger/budget.ts';

/** A raise as the operator API gives it. Instants are ISO-8601. */
export interface RaiseView {
  id: string;
  month: Month;
  /** Which limit it lifts. */
  budget: BudgetScope;
  identities: number;
  createdAt: string;
  expiresAt: string;
  inForce: boolean;
  reason: string;
  by: string;
}

/** @param nowMs ms since the epoch */
export function viewRaise(raise: Raise, nowMs: number): RaiseView {
  return {
    id: raise.id,
    month: raise.month,
    budget: raise.scope,
    identities: raise.identities,
    createdAt: instantOf(raise.createdAt),
    expiresAt: instantOf(raise.expiresAt),
    inForce: Math.floor(nowMs / 1000) < raise.expiresAt,
    reason: raise.reason,
    by: raise.by,
  };
}
