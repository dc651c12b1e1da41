import { type Month, monthEndSeconds } from '../domain/month.ts';
import { type BudgetScope, refused } from '../domain/refusal.ts';
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

  exhausted: (budget: BudgetScope, limit: number, used: number, month: Month): LedgerRefusal =>
    refused('mau-budget-exhausted', {
      detail: `The budget of ${limit} identities for ${month} (${budget}) is used up.`,
      budget,
      limit,
      used,
      month,
      resetsAt: new Date(monthEndSeconds(month) * 1000).toISOString().replace('.000Z', 'Z'),
    }),
};
