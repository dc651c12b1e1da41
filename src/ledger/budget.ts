import type { Month } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';

/** The budget of a service in one month: how many identities may be admitted. */
export interface Budget {
  /** `warn` admits everybody and counts whom `block` would have refused. */
  mode: 'off' | 'warn' | 'block';
  /** Whole identities. `tenant:*` holds for every tenant that has no limit of its own. */
  scopes: Partial<Record<BudgetScope, number>>;
  /** Places of `all` kept for a class, by class name: while it has fewer identities, others do not get them. */
  reserve: Record<string, number>;
  /**
   * Rank of each configured class, 0 unless told: a newcomer may take places that are kept for a class of lower
   * rank. Every configured class is named here.
   */
  priorities: Record<string, number>;
  /** Percent of a limit at which an alert is due, rising, 1 to 100. */
  thresholds: readonly number[];
  spikeGuard: SpikeGuard | null;
}

/**
 * Stops a flood of newcomers: in one UTC hour at most `factor` × the mean hour of the month so far, and never fewer
 * than `minimum`. Silent on the first day of a month, when nearly everybody is new.
 */
export interface SpikeGuard {
  /** Above 1; may have a fraction. */
  factor: number;
  /** Newcomers an hour that are always let in. */
  minimum: number;
  mode: 'warn' | 'block';
}

/** A limit lifted for a time, within one month. */
export interface Raise {
  id: string;
  month: Month;
  scope: BudgetScope;
  /** Added to the limit, at least 1. */
  identities: number;
  /** Whole seconds since the epoch; no later than the month's end. */
  expiresAt: number;
  /** Whole seconds since the epoch. */
  createdAt: number;
  reason: string;
  /** Name of the operator. */
  by: string;
}

/** Everything that bounds a service's newcomers in a month. */
export interface Limits {
  /** Null: no budget. Without raises. */
  budget: Budget | null;
  /** `operator` once one has set a budget; what is configured no longer matters then. */
  source: 'configured' | 'operator';
  /** Those of the month, also expired ones, in order of creation. */
  raises: readonly Raise[];
  /** Since when no newcomers are admitted, ISO-8601, or null. */
  frozenSince: string | null;
  /** Changes with every change of budget, raises or freeze; what `If-Match` compares. */
  version: string;
}
