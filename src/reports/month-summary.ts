import type { CountingRules } from '../domain/counting-rules.ts';
import type { Month } from '../domain/month.ts';
import type { PriceTable } from '../domain/price-table.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { bitOf, SIGNALS, type Signal } from '../domain/signal.ts';
import type { Budget } from '../ledger/budget.ts';
import type { MonthTotals } from '../ledger/ledger.ts';
import { type ActiveUsers, countActiveUsers, countWith } from './count-active-users.ts';
import { limitOfMonth } from './limit-of-month.ts';
import { costRange } from './money/cost-of.ts';

/** The month's figures as the operator API gives them. Every count is exact; nothing is estimated. */
export interface MonthSummary {
  month: Month;
  service: ServiceName;
  /** When the ledger was read, ISO-8601. */
  asOf: string;
  identities: {
    /** Cardinality of the month's set; `new` + `returning`. */
    total: number;
    /** Not in the previous month's set. */
    new: number;
    /** Also in the previous month's set. */
    returning: number;
    byClass: Record<string, number>;
    /** How many identities show a signal; an identity counts under each of its signals. */
    bySignal: Record<Signal, number>;
  };
  /** `low`: by the cheapest reading of the rules; by the default ones undisputed evidence only. `high`: every identity that any reading might bill. */
  activeUsers: ActiveUsers;
  mints: {
    minted: number;
    reused: number;
    refused: Record<string, number>;
    /** By rule: what a rule in shadow, or a budget that only warns, would have refused. */
    shadow: Record<string, number>;
  };
  budget: BudgetSummary | null;
  /** US dollars, 6 decimals. Left out for those who may not see money. */
  cost?: { currency: 'USD'; low: number; high: number; table: string };
}

export interface BudgetSummary {
  /** Identities a month for the whole service, with the raises in force, of a past month with those at its end. */
  limit: number;
  /** The part of the limit that is a temporary raise. */
  raised: number;
  /** The whole set, also what evidence added. */
  used: number;
  /** Never below 0. */
  remaining: number;
  /**
   * In mode `block`: how many of those above the limit never minted, so that only evidence can have let them in. A
   * limit that was lowered, or a raise that ended, puts people above it who did mint. 0 in the other modes.
   */
  overByEvidence: number;
  mode: Budget['mode'];
}

export interface MonthSummarySettings {
  service: ServiceName;
  asOfMs: number;
  /** Class names that are listed even when nobody of them was seen. */
  classes: readonly string[];
  rules: CountingRules;
  prices: PriceTable;
}

/** Builds the summary from the month's totals alone: the work grows with the masks in use, not with people. */
export function buildMonthSummary(
  totals: MonthTotals,
  settings: MonthSummarySettings,
): MonthSummary & Priced {
  const returning = countWith(totals, bitOf('returning'));
  const activeUsers = countActiveUsers(totals, settings.rules);
  return {
    month: totals.month,
    service: settings.service,
    asOf: new Date(settings.asOfMs).toISOString(),
    identities: {
      total: totals.all,
      new: totals.all - returning,
      returning,
      byClass: countByClass(totals, settings.classes),
      bySignal: countBySignal(totals),
    },
    activeUsers,
    mints: {
      minted: totals.minted,
      reused: totals.reused,
      refused: totals.refused,
      shadow: totals.shadow,
    },
    budget: summariseBudget(totals, settings.asOfMs),
    cost: costRange(settings.prices, activeUsers),
  };
}

/** A summary that still holds its cost; {@link withoutCost} takes it off. */
export type Priced = Required<Pick<MonthSummary, 'cost'>>;

/** The summary for operators who may not see money. */
export function withoutCost(summary: MonthSummary): MonthSummary {
  const { cost: _cost, ...rest } = summary;
  return rest;
}

function countByClass(totals: MonthTotals, classes: readonly string[]): Record<string, number> {
  const counts = new Map(classes.map((name) => [name, 0]));
  for (const { className, identities } of totals.masks) {
    counts.set(className, (counts.get(className) ?? 0) + identities);
  }
  // Classes that were configured once may have any name: `Object.fromEntries` makes plain members of all of them.
  return Object.fromEntries(counts);
}

function countBySignal(totals: MonthTotals): Record<Signal, number> {
  const counts = SIGNALS.map((signal) => [signal, countWith(totals, bitOf(signal))] as const);
  return Object.fromEntries(counts) as Record<Signal, number>;
}

/** Null without a limit for the whole service: limits of single classes or tenants have no one figure. */
function summariseBudget(totals: MonthTotals, asOfMs: number): BudgetSummary | null {
  const { budget, all } = totals;
  const base = budget?.scopes.all;
  if (budget === null || base === undefined) return null;
  const limit = limitOfMonth(totals, budget, 'all', asOfMs) ?? base;
  const withoutMint = all - countWith(totals, bitOf('minted'));
  return {
    limit,
    raised: limit - base,
    used: all,
    remaining: Math.max(0, limit - all),
    overByEvidence: budget.mode === 'block' ? Math.min(Math.max(0, all - limit), withoutMint) : 0,
    mode: budget.mode,
  };
}
