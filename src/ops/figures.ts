import type { MonthSummary } from '../contract.ts';
import { amountOf } from '../domain/amount-of.ts';
import { bar } from './bar.ts';
import { type Changes, describeChanges } from './changes.ts';
import { opsAddress } from './frame.ts';
import { type Html, html } from './html.ts';
import type { MonthPageModel } from './month-page-model.ts';
import { ageText, countText, dollarText, rangeText, shareText } from './words.ts';

/**
 * The figures that matter, each with the sentence that says what it is. Numbers that a script keeps up to date name
 * their place in the month summary and how they are written.
 */
export function buildFigures(model: MonthPageModel): Html {
  const { summary } = model;
  const changes = describeChanges(model);
  const { identities, activeUsers, mints } = summary;
  const refusals = Object.values(mints.refused).reduce((sum, count) => sum + count, 0);
  const { minted, connected } = identities.bySignal;
  return html`<section aria-labelledby="figures-title">
<h2 id="figures-title" class="unseen">Figures</h2>
<dl class="figures">
${figure('Identities', live('identities.total', identities.total), [
  html`${live('identities.new', identities.new)} new, ${live('identities.returning', identities.returning)} also here the month before.`,
  changes.identities,
])}
${figure('Connected', live('identities.bySignal.connected', connected), [
  html`were seen to use their token, of ${live('identities.bySignal.minted', minted)} who got one. Webhooks and beacons tell.`,
  changes.connected,
])}
${figure('Active users', liveRange('activeUsers', countText(activeUsers.low), countText(activeUsers.high)), [
  html`What Twilio may bill: by undisputed evidence, up to every reading of its rules. <a href="/ops/counting">What counts?</a>`,
  changes.activeUsers,
])}
${buildTwilioFigure(model, changes)}
${buildBudgetFigure(model, changes)}
${buildCostFigure(summary, changes)}
${figure('Minted tokens', live('mints.minted', mints.minted), [
  html`Answered with the same token again: ${live('mints.reused', mints.reused)}. Refused: ${countText(refusals)}.`,
  changes.minted,
])}
</dl>
</section>`;
}

/** A count that is kept up to date. */
function live(path: string, count: number): Html {
  return html`<span data-live="${path}">${countText(count)}</span>`;
}

function liveRange(path: string, low: string, high: string, format: 'count' | 'dollars' = 'count'): Html {
  return html`<span data-live="${path}" data-as="${format}-range">${rangeText(low, high)}</span>`;
}

function figure(name: string, value: Html | string, notes: readonly (Html | string | null)[]): Html {
  const shown = notes.filter((note) => note !== null);
  return html`<div class="figure"><dt>${name}</dt><dd class="value">${value}</dd>${shown.map((note) => html`<dd>${note}</dd>`)}</div>`;
}

function buildTwilioFigure({ reconciliation, frame }: MonthPageModel, changes: Changes): Html | null {
  if (reconciliation === null) return null;
  const { twilio, withinRange, month } = reconciliation;
  const address = opsAddress('/reconciliation', { month, service: frame.visitor.service });
  if (twilio === null) {
    return figure('Twilio reports', '–', [
      html`Twilio’s own figure was not read for this month. <a href="${address}">Compare</a>`,
    ]);
  }
  const words = withinRange ? 'within our range' : 'outside of our range';
  return figure('Twilio reports', countText(twilio.count), [
    html`${ageText(twilio.ageSeconds)} old, ${words}. <a href="${address}">Compare</a>`,
    changes.twilio,
  ]);
}

function buildBudgetFigure({ summary: { budget }, frame }: MonthPageModel, changes: Changes): Html {
  if (!budget) {
    const address = opsAddress('/budget', { service: frame.visitor.service });
    return figure('Budget left', 'No budget', [
      html`<a href="${address}">Set one</a> to be warned at a limit, or to refuse newcomers there.`,
    ]);
  }
  const { limit, raised, used, remaining, overByEvidence } = budget;
  const tone = used >= limit ? 'alarm' : used >= limit * 0.8 ? 'warning' : 'plain';
  return figure('Budget left', live('budget.remaining', remaining), [
    bar(used, limit, tone),
    `${shareText(used, limit)} of ${countText(limit)} used; ${MODE_NOTES[budget.mode]}`,
    changes.budgetLeft,
    raised > 0 ? `${countText(raised)} of the limit ${raised === 1 ? 'is' : 'are'} a temporary raise.` : null,
    overByEvidence > 0
      ? `Of those above the limit, ${amountOf(overByEvidence, 'identity', 'identities')} never got a token here: activity elsewhere cannot be refused.`
      : null,
  ]);
}

const MODE_NOTES = {
  off: 'nothing happens at the limit.',
  warn: 'alerts only, nobody is refused.',
  block: 'new people are refused at the limit.',
} as const;

function buildCostFigure({ cost }: MonthSummary, changes: Changes): Html | null {
  if (!cost) return null;
  return figure('Cost so far', liveRange('cost', dollarText(cost.low), dollarText(cost.high), 'dollars'), [
    `US dollars for the active users, price table “${cost.table}”.`,
    changes.cost,
  ]);
}
