import { countOf } from '../domain/count-of.ts';
import { type Month, monthStartSeconds } from '../domain/month.ts';
import type { BudgetName, BudgetScope } from '../domain/refusal.ts';
import type { Budget, Raise } from './budget.ts';

/*
 * What a budget says about one newcomer, as pure arithmetic. The embedded ledger decides with it, explanations and
 * simulations reckon with it, and `redis/lua/includes/judge.lua` says the same in Lua; the contract suite holds the
 * two together.
 */

/** Somebody the month does not know yet. */
export interface Newcomer {
  className: string;
  tenant: string | null;
  /** Whole seconds since the epoch, within the month. */
  at: number;
}

/** How full the month is; asked only for what a budget limits. */
export interface Fill {
  all(): number;
  ofClass(className: string): number;
  ofTenant(tenant: string): number;
  /** Newcomers of the budget's classes in the UTC hour of the newcomer. */
  newThisHour(): number;
}

/** One limit held against one newcomer. */
export interface BudgetCheck {
  budget: BudgetName;
  /** In force at the newcomer's instant, raises included. */
  limit: number;
  used: number;
  /** Places of the limit that are kept for other classes. */
  reserved: number;
  /** True when there is a place left. */
  passes: boolean;
  /** True when failing it refuses; else it is only counted. */
  blocks: boolean;
}

/** Every limit that bears on the newcomer, in the order in which they are asked. */
export function checkBudget(
  { budget, raises, month }: { budget: Budget | null; raises: readonly Raise[]; month: Month },
  newcomer: Newcomer,
  fill: Fill,
): BudgetCheck[] {
  if (budget === null || budget.mode === 'off') return [];
  const blocks = budget.mode === 'block';
  const checks: BudgetCheck[] = [];
  const hold = (scope: BudgetScope, used: () => number, reserved: number) => {
    const limit = limitInForce(budget, raises, scope, month, newcomer.at);
    if (limit === null) return;
    const taken = used();
    checks.push({ budget: scope, limit, used: taken, reserved, passes: taken < limit - reserved, blocks });
  };
  const { className, tenant } = newcomer;
  const reserved = budget.scopes.all === undefined ? 0 : placesKept(budget, className, fill);
  hold('all', () => fill.all(), reserved);
  hold(`class:${className}`, () => fill.ofClass(className), 0);
  if (tenant !== null) hold(`tenant:${tenant}`, () => fill.ofTenant(tenant), 0);

  const spike = checkSpike(budget, month, newcomer, fill);
  return spike === null ? checks : [...checks, spike];
}

/** The limit of a scope with the raises that are in force, null for none. */
export function limitInForce(
  budget: Budget,
  raises: readonly Raise[],
  scope: BudgetScope,
  month: Month,
  at: number,
): number | null {
  const limit = budget.scopes[scope] ?? (scope.startsWith('tenant:') ? budget.scopes['tenant:*'] : undefined);
  if (limit === undefined) return null;
  return raises
    .filter((raise) => raise.month === month && raise.scope === scope && at < raise.expiresAt)
    .reduce((sum, { identities }) => sum + identities, limit);
}

/** Places of the whole that other classes have not taken yet and this one may not have. */
function placesKept({ reserve, priorities }: Budget, className: string, fill: Fill): number {
  const rank = countOf(priorities, className);
  return Object.entries(reserve)
    .filter(([other]) => other !== className && countOf(priorities, other) >= rank)
    .reduce((sum, [other, places]) => sum + Math.max(0, places - fill.ofClass(other)), 0);
}

const SECONDS_A_HOUR = 3600;
const QUIET_HOURS = 24;

function checkSpike({ spikeGuard }: Budget, month: Month, { at }: Newcomer, fill: Fill): BudgetCheck | null {
  if (spikeGuard === null) return null;
  const hours = Math.floor((at - monthStartSeconds(month)) / SECONDS_A_HOUR);
  if (hours < QUIET_HOURS) return null;
  const used = fill.newThisHour();
  const meanHour = Math.max(0, fill.all() - used) / hours;
  const limit = Math.max(spikeGuard.minimum, Math.ceil(spikeGuard.factor * meanHour));
  const blocks = spikeGuard.mode === 'block';
  return { budget: 'new-per-hour', limit, used, reserved: 0, passes: used < limit, blocks };
}

/** The highest threshold (percent) that `used` reaches, 0 for none. A limit of none at all has no thresholds. */
export function thresholdReached(thresholds: readonly number[], used: number, limit: number): number {
  if (limit === 0) return 0;
  return thresholds.filter((percent) => used * 100 >= percent * limit).at(-1) ?? 0;
}
