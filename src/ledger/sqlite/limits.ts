import type { Budget, Limits, Raise } from '../budget.ts';
import type { Statements } from './statements.ts';

/** The budget and freeze of the latest month, up to `month`, that was told any; the raises of the month itself. */
export function readLimits(statements: Statements, service: number, month: number): Limits {
  const key = [service, month];
  const steered = statements.get<[string]>('operator-budget-of', key)?.[0];
  const budget = steered ?? statements.get<[string | null]>('budget-of', key)?.[0] ?? null;
  return {
    budget: budget === null ? null : (JSON.parse(budget) as Budget),
    source: steered === undefined ? 'configured' : 'operator',
    raises: statements.all<[string]>('read-raises', key).map(([raise]) => JSON.parse(raise) as Raise),
    frozenSince: statements.get<[string | null]>('freeze-of', key)?.[0] ?? null,
    version: readVersion(statements, service),
  };
}

export function readVersion(statements: Statements, service: number): string {
  return String(statements.get<[number]>('limit-version-of', [service])?.[0] ?? 0);
}
