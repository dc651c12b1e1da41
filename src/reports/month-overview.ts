import type { Clock } from '../domain/clock.ts';
import { countOf } from '../domain/count-of.ts';
import { type Month, previousMonth } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthTotals } from '../ledger/ledger.ts';
import type { DayRow } from './days.ts';
import { limitOfMonth } from './limit-of-month.ts';
import { readMonthChoices } from './month-choices.ts';
import type { MonthReports } from './month-reports.ts';
import type { MonthSummary } from './month-summary.ts';
import { countOrigins, type Origins } from './origins.ts';

/** A month at a glance. */
export interface MonthOverview {
  /** Clock reading behind it, ms since the epoch. */
  nowMs: number;
  summary: MonthSummary;
  days: DayRow[];
  /** Months with data, the current one and this one; newest first. */
  months: Month[];
  /** The month before; zeros when nothing is known of it. */
  previous: MonthSummary;
  /** Days of the month before; zeros when nothing is known of it. */
  previousDays: DayRow[];
  /** Limits of single classes and tenants. */
  limits: ScopeUse[];
  origins: Origins;
  /** Since when no new identities are admitted, ISO-8601, or null. */
  frozenSince: string | null;
}

/** How far one limit of the budget is used. */
export interface ScopeUse {
  scope: BudgetScope;
  limit: number;
  used: number;
}

/** Tenants listed under the limit that holds for each of them. */
const TENANTS_SHOWN = 10;

/** Reads everything that one look at a month needs. Rejects as the ledger does. */
export async function readMonthOverview(
  reports: MonthReports,
  clock: Clock,
  service: ServiceName,
  month: Month,
): Promise<MonthOverview> {
  const nowMs = clock.now();
  const [{ summary, totals }, days, months, previous, previousDays] = await Promise.all([
    reports.summaryAndTotals(service, month),
    reports.days(service, month),
    readMonthChoices(reports, service, month),
    reports.summary(service, previousMonth(month)),
    reports.days(service, previousMonth(month)),
  ]);
  return {
    nowMs,
    summary,
    days,
    months,
    previous,
    previousDays,
    limits: buildLimits(totals, nowMs),
    origins: countOrigins(totals, Object.keys(summary.identities.byClass)),
    frozenSince: totals.frozenSince,
  };
}

/** Limits in force: those of classes, those of single tenants, and the fullest tenants under the limit for all. */
function buildLimits(totals: MonthTotals, nowMs: number): ScopeUse[] {
  const { budget, byClass, byTenant } = totals;
  if (budget === null) return [];
  const use = (scope: BudgetScope, used: number): ScopeUse => ({
    scope,
    limit: limitOfMonth(totals, budget, scope, nowMs) ?? 0,
    used,
  });
  const limits: ScopeUse[] = [];
  for (const scope of Object.keys(budget.scopes) as BudgetScope[]) {
    if (scope.startsWith('class:')) limits.push(use(scope, countOf(byClass, scope.slice(6))));
    else if (scope.startsWith('tenant:') && scope !== 'tenant:*') {
      limits.push(use(scope, countOf(byTenant, scope.slice(7))));
    }
  }
  if (budget.scopes['tenant:*'] === undefined) return limits;
  const others = Object.entries(byTenant)
    .filter(([tenant]) => budget.scopes[`tenant:${tenant}`] === undefined)
    .sort(([, one], [, two]) => two - one)
    .slice(0, TENANTS_SHOWN);
  return [...limits, ...others.map(([tenant, used]) => use(`tenant:${tenant}`, used))];
}
