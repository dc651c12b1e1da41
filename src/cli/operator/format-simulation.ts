import type { SimulationAnswer } from '../../contract/simulation.ts';
import { amountOf } from '../../domain/amount-of.ts';
import { type Amount, formatAmounts } from './format-amounts.ts';
import { printable } from './printable.ts';

type Row = [name: string, ...amounts: Amount[]];

/** What a policy would have made of a month, beside what it was. */
export function formatSimulation({ month, service, simulated, recorded, notes }: SimulationAnswer): string[] {
  const row = (name: string, before: number, after: number): Row => [name, before, after, after - before];
  const usdRow = (name: string, before: number, after: number): Row => [
    name,
    ...[before, after, after - before].map((usd) => ({ usd })),
  ];
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
    ...Object.entries(simulated.refused).map(
      ([code, count]): Row => [`  refused: ${code}`, null, count, null],
    ),
    usdRow('cost, low, USD', recorded.cost.low, simulated.cost.low),
    usdRow('cost, high, USD', recorded.cost.high, simulated.cost.high),
  ];
  return [
    `${service}, ${month}`,
    '',
    ...formatAmounts(['', 'recorded', 'simulated', 'difference'], rows),
    ...(simulated.warned === 0
      ? []
      : ['', `${amountOf(simulated.warned, 'newcomer')} above a limit that only warns`]),
    '',
    ...notes.map((note) => printable(`note: ${note}`)),
  ];
}
