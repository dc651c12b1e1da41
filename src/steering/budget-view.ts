import { countOf } from '../domain/count-of.ts';
import type { Month } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Budget, Limits, Raise } from '../ledger/budget.ts';
import { limitInForce } from '../ledger/budget-rules.ts';
import type { MonthTotals } from '../ledger/ledger.ts';
import { type RaiseView, viewRaise } from './raise-view.ts';

/** The budget of a service in a month as the operator API gives it. Null limits: none. */
export interface BudgetView {
  service: ServiceName;
  month: Month;
  /** Identities a month for the whole service, without raises. */
  limit: number | null;
  mode: Budget['mode'];
  classes: Record<string, number>;
  tenants: Record<string, number>;
  reserve: Record<string, number>;
  thresholds: readonly number[];
  spikeGuard: Budget['spikeGuard'];
  source: Limits['source'];
  /** The limits with the raises that are in force. */
  effective: { limit: number | null; classes: Record<string, number>; tenants: Record<string, number> };
  /** Identities of the month; by class and tenant where those have a limit or places kept. */
  used: number;
  usedByClass: Record<string, number>;
  usedByTenant: Record<string, number>;
  /** Of `effective.limit`, never below 0. */
  remaining: number | null;
  /** Those in force. */
  raises: RaiseView[];
  /** Since when no newcomers are admitted, ISO-8601, or null. */
  frozenSince: string | null;
}

type Fill = Pick<MonthTotals, 'all' | 'byClass' | 'byTenant'>;

/** @param nowMs ms since the epoch; decides which raises are in force */
export function buildBudgetView(
  service: ServiceName,
  month: Month,
  limits: Limits,
  fill: Fill,
  nowMs: number,
): BudgetView {
  const { budget, source, frozenSince } = limits;
  const at = Math.floor(nowMs / 1000);
  const inForce = (scope: BudgetScope) =>
    budget === null ? null : limitInForce(budget, limits.raises, scope, month, at);
  const classes = limitsOf(budget, 'class:');
  const tenants = limitsOf(budget, 'tenant:');
  const reserve = budget?.reserve ?? {};
  const effective = {
    limit: inForce('all'),
    classes: mapNames(Object.keys(classes), (name) => inForce(`class:${name}`) ?? 0),
    tenants: mapNames(Object.keys(tenants), (name) => inForce(`tenant:${name}`) ?? 0),
  };
  return {
    service,
    month,
    limit: budget?.scopes.all ?? null,
    mode: budget?.mode ?? 'off',
    classes,
    tenants,
    reserve,
    thresholds: budget?.thresholds ?? [],
    spikeGuard: budget?.spikeGuard ?? null,
    source,
    effective,
    used: fill.all,
    usedByClass: mapNames([...new Set([...Object.keys(classes), ...Object.keys(reserve)])], (name) =>
      countOf(fill.byClass, name),
    ),
    usedByTenant: mapNames(
      Object.keys(tenants).filter((name) => name !== '*'),
      (name) => countOf(fill.byTenant, name),
    ),
    remaining: effective.limit === null ? null : Math.max(0, effective.limit - fill.all),
    raises: raisesInForce(limits.raises, at).map((raise) => viewRaise(raise, nowMs)),
    frozenSince,
  };
}

/** What of a budget goes into the audit log: all that an operator can set. */
export function auditBudget(budget: Budget | null): object | null {
  if (budget === null) return null;
  const { mode, scopes, reserve, thresholds, spikeGuard } = budget;
  return { mode, scopes, reserve, thresholds, spikeGuard };
}

function raisesInForce(raises: readonly Raise[], at: number): Raise[] {
  return raises.filter(({ expiresAt }) => at < expiresAt);
}

function limitsOf(budget: Budget | null, prefix: 'class:' | 'tenant:'): Record<string, number> {
  const scopes = Object.entries(budget?.scopes ?? {}).filter(([scope]) => scope.startsWith(prefix));
  return Object.fromEntries(scopes.map(([scope, limit]) => [scope.slice(prefix.length), limit ?? 0]));
}

function mapNames(names: readonly string[], read: (name: string) => number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}
