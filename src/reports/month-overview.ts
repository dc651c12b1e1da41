import type { Clock } from '../domain/clock.ts';
import { type Month, monthOf, previousMonth } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthTotals } from '../ledger/ledger.ts';
import type { DayRow } from './days.ts';
import type { MonthReports } from './month-reports.ts';
import type { MonthSummary } from './month-summary.ts';

/** A month at a glance. */
export interface MonthOverview {
  /** Clock reading behind it, ms since the epoch. */
  nowMs: number;
  summary: MonthSummary;
  days: DayRow[];
  /** Months with data, the current one and this one; newest first. */
  months: Month[];
  /** The month before, while this one is the current and has just begun; else null. */
  previous: MonthSummary | null;
  /** Limits of single classes and tenants. */
  limits: ScopeUse[];
  /** Since when no new identities are admitted, ISO-8601, or null. */
  frozenSince: string | null;
}

/** How far one limit of the budget is used. */
export interface ScopeUse {
  scope: BudgetScope;
  limit: number;
  used: number;
}

/** A year and the month before it. */
const MONTHS = 13;
/** Until this day a month has little to show yet. */
const EARLY_DAYS = 3;

/** Reads everything that one look at a month needs. Rejects as the ledger does. */
export async function readMonthOverview(
  reports: MonthReports,
  clock: Clock,
  service: ServiceName,
  month: Month,
): Promise<MonthOverview> {
  const nowMs = clock.now();
  const isEarly = month === monthOf(nowMs) && new Date(nowMs).getUTCDate() <= EARLY_DAYS;
  const [{ summary, totals }, days, months, previous] = await Promise.all([
    reports.summaryAndTotals(service, month),
    reports.days(service, month),
    reports.months(service, MONTHS),
    isEarly ? reports.summary(service, previousMonth(month)) : null,
  ]);
  return {
    nowMs,
    summary,
    days,
    months: months.includes(month) ? months : [...months, month].sort().reverse(),
    previous,
    limits: buildLimits(totals),
    frozenSince: totals.frozenSince,
  };
}

function buildLimits({ budget, byClass, byTenant }: MonthTotals): ScopeUse[] {
  const limits: ScopeUse[] = [];
  for (const [scope, limit] of Object.entries(budget?.scopes ?? {}) as [BudgetScope, number][]) {
    if (scope.startsWith('class:')) limits.push({ scope, limit, used: byClass[scope.slice(6)] ?? 0 });
    if (scope.startsWith('tenant:')) limits.push({ scope, limit, used: byTenant[scope.slice(7)] ?? 0 });
  }
  return limits;
}
