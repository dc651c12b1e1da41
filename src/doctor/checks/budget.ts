import { amountOf } from '../../domain/amount-of.ts';
import { type Finding, ok, warn } from '../finding.ts';
import type { LedgerMonth } from '../ports.ts';

/** How far the budget is used, and whether its alerts come before its end. */
export function judgeBudget({ totals, limits }: LedgerMonth, nowMs: number): Finding {
  const { budget, raises, frozenSince } = limits;
  const identities = (count: number) => amountOf(count, 'identity', 'identities');
  const all = budget?.scopes.all;
  if (budget === null || all === undefined || budget.mode === 'off') {
    return warn({
      detail: `no limit of the whole service is in force, ${identities(totals.all)} this month`,
      why: 'Nothing stops a loop, a crawler or a launch from costing what it costs.',
      fix: 'Set MAU_BUDGET_IDENTITIES and MAU_BUDGET_MODE, or `mau-guard budget set --limit 5000 --mode block --reason …`.',
    });
  }
  const raised = raises
    .filter(({ scope, expiresAt }) => scope === 'all' && expiresAt * 1000 > nowMs)
    .reduce((sum, raise) => sum + raise.identities, all);
  const detail = `${totals.all.toLocaleString('en-US')} of ${identities(raised)}, mode ${budget.mode}`;
  if (frozenSince !== null) {
    return warn({
      detail: `${detail}, frozen since ${frozenSince}`,
      why: 'Nobody new gets a token while the freeze holds.',
      fix: '`mau-guard freeze off --reason …` when it is over.',
    });
  }
  if (totals.all >= raised) {
    return warn({
      detail,
      why:
        budget.mode === 'block'
          ? 'Newcomers are refused until the month ends.'
          : 'The month is over its limit, and the mode only warns.',
      fix: '`mau-guard budget raise N --until month-end --reason …` lifts the limit; `mau-guard waste` shows who costs for nothing.',
    });
  }
  const { thresholds } = budget;
  if (thresholds.length > 0 && thresholds.every((percent) => percent >= 100)) {
    return warn({
      detail: `${detail}, alerts at ${thresholds.join(', ')} % only`,
      why: 'The first alert comes when the budget is used up.',
      fix: '`mau-guard budget set --thresholds 50,80,90,100 --reason …`.',
    });
  }
  return ok(thresholds.length === 0 ? detail : `${detail}, alerts at ${thresholds.join(', ')} %`);
}
