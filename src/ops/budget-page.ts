import { buildBudgetForm, buildEndRaiseForm, buildFreezeForm, buildRaiseForm } from './budget-forms.ts';
import type { BudgetPageModel } from './budget-page-model.ts';
import { type Html, html } from './html.ts';
import { describeNewcomers } from './newcomers.ts';
import { mayActAs } from './operator.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';
import { rawLink } from './raw-link.ts';
import { countText, dollarText, momentText, monthText } from './words.ts';

/** The budget as it holds, and for admins the forms that change it. */
export function buildBudgetPage(model: BudgetPageModel): string {
  const { frame, budget, classes, done } = model;
  const { operator, signedIn } = frame.visitor;
  const { verdict, tone } = describeNewcomers(budget, classes);
  const maySteer = signedIn && mayActAs(operator, 'admin');
  return buildPage({
    frame,
    title: 'Budget',
    section: 'budget',
    main: html`
<div class="heading"><h1>Budget</h1><p class="status"><strong class="verdict ${tone}">${verdict}</strong> <span>${monthText(budget.month)} (UTC) and later</span></p></div>
${done !== null && html`<p class="done" role="status">${done}</p>`}
${buildState(model)}
${buildRaises(model)}
${maySteer && [buildBudgetForm(model), buildRaiseForm(model), buildEndRaiseForm(model), buildFreezeForm(model)]}
${!maySteer && html`<p class="note">Only a signed-in operator of the role admin can change it here.</p>`}`,
  });
}

const AT_THE_LIMIT = {
  off: 'nothing happens',
  warn: 'alerts only',
  block: 'newcomers are refused',
} as const;

function buildState({ budget, classes, price, frame }: BudgetPageModel): Html {
  const { effective, used, remaining, limit, frozenSince, thresholds, spikeGuard } = budget;
  const money = price === null ? null : `${dollarText(price.dollars)}, price table “${price.table}”`;
  const guard =
    spikeGuard === null
      ? null
      : `${spikeGuard.factor} × the month's mean hour, at least ${countText(spikeGuard.minimum)}; ${spikeGuard.mode}`;
  const rows: [string, string | null][] = [
    ['Limit', limit === null ? 'none' : countText(limit)],
    [
      'With raises',
      effective.limit === null || effective.limit === limit ? null : countText(effective.limit),
    ],
    ['Used', countText(used)],
    ['Left', remaining === null ? null : countText(remaining)],
    ['Costs when used up', money],
    ['Alerts at', thresholds.length === 0 ? null : `${thresholds.join(', ')} %`],
    ['New per hour', guard],
    [
      'Set by',
      budget.source === 'operator' ? 'an operator; the configuration no longer matters' : 'the configuration',
    ],
    ['At the limit', AT_THE_LIMIT[budget.mode]],
    ['Newcomers', describeNewcomers(budget, classes).says],
    ['Frozen', frozenSince === null ? 'no' : `since ${momentText(frozenSince)}`],
  ];
  const limits = [
    ...Object.entries(budget.classes).map(([name, value]) => [
      `Class ${name}`,
      value,
      budget.usedByClass[name],
    ]),
    ...Object.entries(budget.tenants).map(([name, value]) => [
      `Tenant ${name}`,
      value,
      budget.usedByTenant[name],
    ]),
    ...Object.entries(budget.reserve).map(([name, value]) => [
      `Kept for ${name}`,
      value,
      budget.usedByClass[name],
    ]),
  ] as [string, number, number | undefined][];
  return panel(
    { id: 'state', title: 'As it holds', raw: rawLink('/budget', { service: frame.visitor.service }) },
    html`<table class="pairs"><caption class="unseen">The budget as it holds</caption><tbody>${rows
      .filter(([, value]) => value !== null)
      .map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}${limits.map(
      ([name, value, usedThere]) =>
        html`<tr><th scope="row">${name}</th><td>${countText(value)}${usedThere !== undefined && `, ${countText(usedThere)} used`}</td></tr>`,
    )}</tbody></table>`,
  );
}

function buildRaises({ budget: { raises }, frame }: BudgetPageModel): Html | null {
  if (raises.length === 0) return null;
  return panel(
    {
      ...{ id: 'raises', title: 'Raises in force' },
      raw: rawLink('/budget/raises', { service: frame.visitor.service }),
    },
    html`<div class="scroll" role="group" aria-labelledby="raises-title" tabindex="0">
<table><caption class="unseen">Raises in force</caption><thead><tr><th scope="col">Limit</th><th scope="col" class="number">Raised by</th><th scope="col">Until</th><th scope="col">By</th><th scope="col">Why</th></tr></thead>
<tbody>${raises.map(
      ({ budget, identities, expiresAt, by, reason }) => html`
<tr><th scope="row">${budget}</th><td class="number">${countText(identities)}</td><td>${momentText(expiresAt)}</td><td>${by}</td><td>${reason}</td></tr>`,
    )}
</tbody></table></div>`,
  );
}
