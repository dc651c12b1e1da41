import type { DayRow, MonthSummary } from '../contract.ts';
import type { Month } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Operator } from './operator.ts';

/** Everything the month page shows; building the page asks nobody anything. */
export interface MonthPageModel {
  /** Ms since the epoch; decides which month is current and which day it is. */
  nowMs: number;
  service: ServiceName;
  /** All services, for the picker; one alone shows no picker. */
  services: readonly ServiceName[];
  /** With `cost` only when the operator may see money. */
  summary: ShownSummary;
  days: readonly DayRow[];
  /** Months to pick from, newest first, with the shown one among them. */
  months: readonly Month[];
  /** The month before, shown beside a month that has just begun; else null. */
  previous: ShownSummary | null;
  /** Limits of single classes and tenants. */
  limits: readonly ScopeUse[];
  /** Since when no new identities are admitted, ISO-8601, or null. */
  frozenSince: string | null;
  rules: CountingRulesText;
  operator: Operator;
  /** Whether the page was opened by a session, which can be ended, rather than by a key sent along. */
  signedIn: boolean;
  demo: boolean;
}

/** A month's figures, of a month that is known to be one. */
export type ShownSummary = MonthSummary & { month: Month };

/** How far one limit of the budget is used. */
export interface ScopeUse {
  scope: BudgetScope;
  limit: number;
  used: number;
}

/** By which reading of Twilio's texts active users are counted. */
export interface CountingRulesText {
  version: string;
  /** Signals of undisputed evidence. */
  low: readonly string[];
  statements: readonly {
    signal: string;
    verdict: 'agreed' | 'disputed';
    says: string;
    source: string;
    /** `YYYY-MM`. */
    readOn: string;
  }[];
}
