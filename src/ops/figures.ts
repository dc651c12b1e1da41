import type { MonthSummary } from '../contract.ts';
import { bar } from './bar.ts';
import { type Html, html } from './html.ts';
import { amountText, countText, dollarText, rangeText, shareText } from './words.ts';

/** The figures that matter, each with the sentence that says what it is. */
export function buildFigures(summary: MonthSummary): Html {
  const { identities, activeUsers, mints } = summary;
  const refusals = Object.values(mints.refused).reduce((sum, count) => sum + count, 0);
  return html`<section aria-labelledby="figures-title">
<h2 id="figures-title" class="unseen">Figures</h2>
<dl class="figures">
${figure('Identities', countText(identities.total), [`${countText(identities.new)} new, ${countText(identities.returning)} also here the month before.`])}
${figure('Minted tokens', countText(mints.minted), [`${amountText(mints.reused, 'request', 'requests')} got the same token again, ${countText(refusals)} were refused.`])}
${figure('Active users', rangeText(countText(activeUsers.low), countText(activeUsers.high)), ['What Twilio may bill: by undisputed evidence only, up to every reading of its rules.'])}
${buildBudgetFigure(summary)}
${buildCostFigure(summary)}
</dl>
</section>`;
}

function figure(name: string, value: string, notes: readonly (Html | string)[]): Html {
  return html`<div class="figure"><dt>${name}</dt><dd class="value">${value}</dd>${notes.map((note) => html`<dd class="note">${note}</dd>`)}</div>`;
}

function buildBudgetFigure({ budget }: MonthSummary): Html {
  if (!budget)
    return figure('Budget left', 'No budget', [
      'Set MAU_BUDGET_IDENTITIES to be warned, or to block, at a limit.',
    ]);
  const { limit, raised, used, remaining, overByEvidence } = budget;
  const tone = used >= limit ? 'alarm' : used >= limit * 0.8 ? 'warning' : 'plain';
  const notes = [
    bar(used, limit, tone),
    `${shareText(used, limit)} of ${countText(limit)} used; ${MODE_NOTES[budget.mode]}`,
  ];
  if (raised > 0) notes.push(`${countText(raised)} of the limit are a temporary raise.`);
  if (overByEvidence > 0) {
    notes.push(`${countText(overByEvidence)} above the limit: activity elsewhere cannot be refused.`);
  }
  return figure('Budget left', countText(remaining), notes);
}

const MODE_NOTES = {
  off: 'nothing happens at the limit.',
  warn: 'alerts only, nobody is refused.',
  block: 'new people are refused at the limit.',
} as const;

function buildCostFigure({ cost }: MonthSummary): Html | null {
  if (!cost) return null;
  return figure('Cost so far', rangeText(dollarText(cost.low), dollarText(cost.high)), [
    `US dollars for the active users, price table “${cost.table}”.`,
  ]);
}
