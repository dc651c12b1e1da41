import { instantOf } from '../domain/instant.ts';
import { type Month, monthEndSeconds } from '../domain/month.ts';
import { type BudgetName, refused } from '../domain/refusal.ts';
import type { LedgerRefusal } from './ledger.ts';

/**
 * The refusals a ledger can answer. Both ledgers build them here, so that a caller cannot tell which store
 * is behind.
 */
export const ledgerRefusals = {
  blocked: (): LedgerRefusal =>
    refused('identity-blocked', { detail: 'An operator has stopped issuing tokens to this person.' }),

  frozen: (since: string): LedgerRefusal =>
    refused('new-identities-frozen', {
      detail: 'No new people are admitted for now; people already counted this month are still served.',
      since,
    }),

  /** The caller of the ledger knows the allowed intents and fills them in. */
  knownOnly: (intent: string): LedgerRefusal =>
    refused('lazy-connect-required', {
      detail: `Intent "${intent}" only serves people who have already chatted this month.`,
      intent,
      allowedIntents: [],
    }),

  noReason: (): LedgerRefusal =>
    refused('no-reason-to-connect', {
      detail: 'Nothing is known that waits for this person.',
      rule: 'reason-to-connect',
    }),

  adopted: (): LedgerRefusal =>
    refused('unauthenticated', {
      detail: 'This guest has become a member; log in, or begin as a new guest.',
      reason: 'guest-adopted',
    }),

  /** `at`: whole seconds since the epoch, for the hour in which the spike guard stopped somebody. */
  exhausted: ({ budget, limit, used, reserved, month, at }: ExhaustedBudget): LedgerRefusal =>
    refused('mau-budget-exhausted', {
      detail: describeExhausted({ budget, limit, used, reserved, month }),
      budget,
      limit,
      used,
      ...(reserved > 0 ? { reserved } : {}),
      month,
      resetsAt: instantOf(budget === 'new-per-hour' ? nextHour(at) : monthEndSeconds(month)),
    }),
};

export interface ExhaustedBudget {
  budget: BudgetName;
  limit: number;
  used: number;
  /** Places of the limit that are kept for other classes. */
  reserved: number;
  month: Month;
  at: number;
}

function describeExhausted({ budget, limit, used, reserved, month }: Omit<ExhaustedBudget, 'at'>): string {
  if (budget === 'new-per-hour') {
    return `More new people than usual came this hour; at most ${limit} are admitted.`;
  }
  const name = `The budget of ${limit} identities for ${month} (${budget})`;
  if (reserved === 0) return `${name} is used up.`;
  return `${name} has no place left for this person: ${used} are used, ${reserved} are kept for other classes.`;
}

function nextHour(at: number): number {
  return (Math.floor(at / 3600) + 1) * 3600;
}
