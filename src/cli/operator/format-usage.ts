import type { MonthSummary } from '../../contract.ts';
import { type Cell, formatFacts, formatRows } from './format-rows.ts';
import { formatUsd } from './format-usd.ts';

/**
 * The figures of a month.
 *
 * @param frozenSince since when nobody new is admitted; null while newcomers are
 */
export function formatUsage(summary: MonthSummary, frozenSince: string | null): string[] {
  const { month, service, asOf, identities, activeUsers, mints, budget, cost } = summary;
  const facts: [string, Cell][] = [
    ['identities', identities.total],
    ['  new', identities.new],
    ['  returning', identities.returning],
    ['active users', range(activeUsers.low, activeUsers.high)],
    ['rules', activeUsers.rules],
    ['minted', mints.minted],
    ['reused', mints.reused],
  ];
  if (cost !== undefined) {
    facts.push(['cost', `${formatUsd(cost.low)} to ${formatUsd(cost.high)} USD (${cost.table})`]);
  }
  return [
    `${service}, ${month}, as of ${asOf}`,
    '',
    ...formatFacts(facts),
    ...countsBy('class', identities.byClass),
    ...countsBy('signal', identities.bySignal),
    ...countsBy('refused', mints.refused),
    ...countsBy('would refuse', mints.shadow),
    ...(budget === null ? [] : ['', ...formatFacts(budgetFacts(budget))]),
    ...(frozenSince === null ? [] : ['', `frozen since ${frozenSince}: nobody new is admitted`]),
  ];
}

function budgetFacts(budget: NonNullable<MonthSummary['budget']>): [string, Cell][] {
  const { limit, raised, used, remaining, overByEvidence, mode } = budget;
  const facts: [string, Cell][] = [['budget', limit]];
  if (raised > 0) facts.push(['  raised by', raised]);
  facts.push(['used', used], ['left', remaining]);
  if (overByEvidence > 0) facts.push(['over by evidence', overByEvidence]);
  return [...facts, ['mode', mode]];
}

function countsBy(head: string, counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]): Cell[] => [name, count]);
  return rows.length === 0 ? [] : ['', ...formatRows([head, 'count'], rows)];
}

function range(low: number, high: number): string {
  const text = (count: number) => count.toLocaleString('en-US');
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}
