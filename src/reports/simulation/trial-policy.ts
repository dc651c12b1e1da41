import type { Budget, Raise } from '../../ledger/budget.ts';
import type { Policy } from '../../policy/policy.ts';

/** The policy that a recorded month is tried under, complete. */
export interface TrialPolicy {
  policy: Policy;
  /** Null: no budget. */
  budget: Budget | null;
  /** Of the month; each counts from its `createdAt` to its `expiresAt`. */
  raises: readonly Raise[];
}
