import type { DeliveryResult } from '../ledger/alert-book.ts';
import type { AttemptState, SendOutcome } from './ports.ts';

/** Before the second attempt, at most; doubles from attempt to attempt. */
const FIRST_DELAY_MS = 5_000;
/** Between two attempts, whatever the target asks for. */
const DELAY_MAX_MS = 3_600_000;
/** Full jitter may come out at nothing; a target that is down deserves a pause all the same. */
const DELAY_MIN_MS = 1_000;

export interface AttemptTerms {
  /** Attempts with this one, from 1. */
  attempts: number;
  attemptsMax: number;
  /** ms since the epoch. */
  nowMs: number;
  /** From 0 to below 1. */
  random: number;
}

/**
 * What to write down about an attempt. A failed one is due again after a random part of an interval that doubles
 * (full jitter), so that gateways and alerts do not come back in step; after as long as the target asked for, if it
 * did; and never again after the last attempt. One that a stop has cut off is due again at once, also when it was the
 * last: another gateway makes it.
 */
export function settleAttempt(
  outcome: SendOutcome,
  terms: AttemptTerms,
): DeliveryResult & { state: AttemptState } {
  const { attempts, attemptsMax, nowMs } = terms;
  switch (outcome.outcome) {
    case 'delivered':
      return { at: nowMs, state: 'delivered', dueAt: null, error: null };
    case 'unwanted':
      return { at: nowMs, state: 'given-up', dueAt: null, error: outcome.error };
    case 'cut-off':
      return { at: nowMs, state: 'pending', dueAt: nowMs + DELAY_MIN_MS, error: outcome.error };
    case 'failed': {
      const { error } = outcome;
      if (attempts >= attemptsMax) return { at: nowMs, state: 'given-up', dueAt: null, error };
      const interval = Math.min(DELAY_MAX_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
      const delay = Math.min(DELAY_MAX_MS, outcome.retryAfterMs ?? terms.random * interval);
      return {
        at: nowMs,
        state: 'pending',
        dueAt: nowMs + Math.round(Math.max(DELAY_MIN_MS, delay)),
        error,
      };
    }
  }
}
