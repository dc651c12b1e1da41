import type { BudgetAnswer } from '../../contract/steering.ts';
import { amountOf } from '../../domain/amount-of.ts';
import type { BudgetParts } from './budget-edits.ts';
import { type Cell, formatRows } from './format-rows.ts';
import { printable } from './printable.ts';

/** The budget of a month: every limit with how far it is used, and what else bounds newcomers. */
export function formatBudget(budget: BudgetAnswer): string[] {
  const { service, month, mode, source, thresholds, spikeGuard, raises, frozenSince } = budget;
  const by = source === 'operator' ? 'set by an operator' : 'as configured';
  const rows = limitRows(budget);
  const lines = [`${service}, ${month}: mode ${mode}, ${by}`, ''];
  if (rows.length === 0) lines.push(`no limits; ${amountOf(budget.used, 'identity', 'identities')} so far`);
  else lines.push(...formatRows(['budget', 'limit', 'raised', 'used', 'left'], rows));
  const kept = Object.entries(budget.reserve);
  if (kept.length > 0) {
    const keptRows = kept.map(([name, places]): Cell[] => [name, places, budget.usedByClass[name] ?? null]);
    lines.push('', ...formatRows(['kept for', 'places', 'used'], keptRows));
  }
  if (raises.length > 0) {
    const raiseRows = raises.map((raise): Cell[] => [
      ...[raise.id, raise.budget],
      ...[raise.identities, raise.expiresAt, raise.by, raise.reason],
    ]);
    lines.push('', ...formatRows(['raise', 'budget', 'identities', 'until', 'by', 'reason'], raiseRows));
  }
  if (thresholds.length > 0) lines.push('', `alerts at ${thresholds.join(', ')} %`);
  if (spikeGuard !== null) lines.push(formatSpikeGuard(spikeGuard));
  if (frozenSince !== null) lines.push(`frozen since ${frozenSince}: nobody new is admitted`);
  return lines;
}

/** What is another in the second budget, one line each. */
export function formatBudgetChange(before: BudgetParts, after: BudgetParts): string[] {
  const [from, to] = [flatten(before), flatten(after)];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => from[name] !== to[name])
    .map((name) => printable(`${name}: ${from[name] ?? 'none'} → ${to[name] ?? 'none'}`));
}

/** Warnings about limits that have no place left, one line each: from now on they turn newcomers away, or only say so. */
export function formatFullLimits(budget: BudgetAnswer): string[] {
  if (budget.mode === 'off') return [];
  const means =
    budget.mode === 'block'
      ? 'newcomers are refused, those counted are served'
      : 'newcomers are let in all the same, since it only warns';
  return limitRows(budget)
    .filter(([, , , used, left]) => used !== null && left === 0)
    .map(([name, limit, , used]) =>
      printable(
        `warning: ${name}: the limit is ${textOf(limit)}, and ${textOf(used)} are counted already: ${means}`,
      ),
    );
}

const textOf = (cell: Cell | undefined) => Number(cell).toLocaleString('en-US');

function limitRows(budget: BudgetAnswer): Cell[][] {
  const { effective, used, usedByClass, usedByTenant } = budget;
  const row = (name: string, limit: number, inForce: number, taken: number | null): Cell[] => [
    ...[name, inForce, inForce - limit, taken],
    taken === null ? null : Math.max(0, inForce - taken),
  ];
  return [
    ...(budget.limit === null ? [] : [row('all', budget.limit, effective.limit ?? budget.limit, used)]),
    ...Object.entries(budget.classes).map(([name, limit]) =>
      row(`class:${name}`, limit, effective.classes[name] ?? limit, usedByClass[name] ?? null),
    ),
    ...Object.entries(budget.tenants).map(([name, limit]) =>
      row(`tenant:${name}`, limit, effective.tenants[name] ?? limit, usedByTenant[name] ?? null),
    ),
  ];
}

function formatSpikeGuard({ factor, minimum, mode }: NonNullable<BudgetAnswer['spikeGuard']>): string {
  return `newcomers an hour: ${factor} × the mean hour of the month, at least ${minimum} (${mode})`;
}

function flatten({ limit, mode, classes, tenants, reserve, thresholds, spikeGuard }: BudgetParts) {
  const named = (kind: string, limits: Record<string, number>) =>
    Object.entries(limits).map(([name, value]) => [`${kind}:${name}`, String(value)]);
  const flat: Record<string, string | null> = Object.fromEntries([
    ['limit', limit === null ? null : String(limit)],
    ['mode', mode],
    ...named('class', classes),
    ...named('tenant', tenants),
    ...named('kept for', reserve),
    ['thresholds', thresholds.length === 0 ? null : thresholds.join(', ')],
    ['spike guard', spikeGuard === null ? null : Object.values(spikeGuard).join(', ')],
  ]);
  return flat;
}
