import type { SimulationAnswer } from '../../contract/simulation.ts';
import { amountOf } from '../../domain/amount-of.ts';
import { type Cell, formatRows } from './format-rows.ts';
import { printable } from './printable.ts';

/** What a policy would have made of a month, beside what it was. */
export function formatSimulation({ month, service, simulated, recorded, notes }: SimulationAnswer): string[] {
  const row = (name: string, before: number, after: number): Cell[] => [name, before, after, after - before];
  const classes = new Set([
    ...Object.keys(recorded.identities.byClass),
    ...Object.keys(simulated.identities.byClass),
  ]);
  const rows = [
    row('identities', recorded.identities.total, simulated.identities.total),
    ...[...classes].map((name) =>
      row(`  ${name}`, recorded.identities.byClass[name] ?? 0, simulated.identities.byClass[name] ?? 0),
    ),
    row('minted', recorded.minted, simulated.minted),
    // Of the mints of the month. Requests that were refused then are not played again, so there is nothing to compare.
    ...Object.entries(simulated.refused).map(([code, count]): Cell[] => [
      `  refused: ${code}`,
      null,
      count,
      null,
    ]),
    row('cost, low, USD', recorded.cost.low, simulated.cost.low),
    row('cost, high, USD', recorded.cost.high, simulated.cost.high),
  ];
  return [
    `${service}, ${month}`,
    '',
    ...formatRows(['', 'recorded', 'simulated', 'difference'], rows),
    ...(simulated.warned === 0
      ? []
      : ['', `${amountOf(simulated.warned, 'newcomer')} above a limit that only warns`]),
    '',
    ...notes.map((note) => printable(`note: ${note}`)),
  ];
}
