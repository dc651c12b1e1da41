import type { Budget } from '../ledger.ts';
import type { Statements } from './statements.ts';

/** What holds for newcomers of a service in a month. */
export interface Limits {
  budget: Budget | null;
  frozenSince: string | null;
}

/** The budget and freeze of the latest month, up to `month`, that was told any. */
export function readLimits(statements: Statements, service: number, month: number): Limits {
  const budget = statements.get<[string | null]>('budget-of', [service, month])?.[0] ?? null;
  const frozenSince = statements.get<[string | null]>('freeze-of', [service, month])?.[0] ?? null;
  return { budget: budget === null ? null : (JSON.parse(budget) as Budget), frozenSince };
}
