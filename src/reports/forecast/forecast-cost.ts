import type { Reckoning } from '../../domain/reckoning.ts';
import type { MonthTotals } from '../../ledger/ledger.ts';
import { countActiveUsers } from '../count-active-users.ts';
import { costInDollars } from '../money/cost-of.ts';
import type { Band } from './band.ts';

/** US dollars, 6 decimals. */
export interface ForecastCost extends Band {
  currency: 'USD';
  table: string;
  /** Version of the counting rules. */
  rules: string;
}

/**
 * What a forecast costs: `low` by the low reading of the rules, `mid` and `high` by the high one, as many of a hundred
 * identities being active as now. Of a past month `low` and `high` are those of its summary.
 */
export function buildForecastCost(
  { low, mid, high }: Band,
  totals: Pick<MonthTotals, 'all' | 'masks' | 'conversations'>,
  { rules, prices }: Reckoning,
): ForecastCost {
  const active = countActiveUsers(totals, rules);
  const scale = (identities: number, users: number) =>
    totals.all === 0 ? users : Math.round((identities * users) / totals.all);
  const costs = [scale(low, active.low), scale(mid, active.high), scale(high, active.high)]
    .map((users) => costInDollars(prices, users))
    // With volume prices more users may cost less.
    .sort((one, two) => one - two);
  const [least, middle, most] = costs as [number, number, number];
  const { currency, name: table } = prices;
  return { currency, low: least, mid: middle, high: most, table, rules: rules.version };
}
