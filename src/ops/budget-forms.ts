import { amountOf } from '../domain/amount-of.ts';
import type { BudgetPageModel } from './budget-page-model.ts';
import { buildFaults, onceField, reasonField, typedOr } from './forms.ts';
import { opsAddress } from './frame.ts';
import { type Html, html } from './html.ts';
import { panel } from './panel.ts';
import { rawLink } from './raw-link.ts';
import { countText, dollarText, momentText, monthText, rangeText } from './words.ts';

const MODES = [
  ['off', 'off: only counted'],
  ['warn', 'warn: alerts only'],
  ['block', 'block: refuse newcomers'],
] as const;

/** How faults begin that are about what is folded away. */
const DETAILS = /^(classes|reserve|tenants|spikeGuard|thresholds)\b/;

const SPIKE_MODES = [
  ['off', 'off'],
  ['warn', 'warn: only counted'],
  ['block', 'block: refuse newcomers'],
] as const;

/**
 * The whole budget. Rests on the limits that the page shows. Below the present count a number has to be typed once more.
 * It can be tried on the month before.
 */
export function buildBudgetForm(model: BudgetPageModel): Html {
  const { budget, state, faults, confirm, once } = model;
  const mode = typedOr(faults, 'budget', 'mode', budget.mode);
  return panel(
    { id: 'change', title: 'Change the budget' },
    html`<form method="post" action="${addressOf(model, '/budget')}" class="fields">${buildFaults(faults, 'budget')}
${onceField(once)}<input type="hidden" name="state" value="${state}">
<div class="field"><label for="limit">Identities a month</label><input id="limit" name="limit" inputmode="numeric" maxlength="10" value="${typedOr(faults, 'budget', 'limit', budget.limit === null ? '' : String(budget.limit))}" aria-describedby="limit-hint"><small id="limit-hint">Empty: no limit. ${amountOf(budget.used, 'identity is', 'identities are')} counted already and served as before.</small></div>
<div class="field"><label for="mode">At the limit</label><select id="mode" name="mode">${MODES.map(
      ([value, text]) => html`<option value="${value}"${value === mode && html` selected`}>${text}</option>`,
    )}</select></div>
${buildDetails(model)}
${
  confirm !== null &&
  html`<div class="field wide"><label for="confirm">To confirm, type ${confirm}</label><input id="confirm" name="confirm" inputmode="numeric" maxlength="10" autocomplete="off" required></div>`
}
${reasonField('budget-reason', typedOr(faults, 'budget', 'reason', ''))}
${buildPreview(model)}
<div class="field wide acts"><button class="primary">Set the budget</button> <button name="act" value="preview" formnovalidate>Try it on last month</button></div>
</form>`,
  );
}

/** What most budgets do without: limits and places of classes, limits of tenants, the spike guard, when to alert. */
function buildDetails({ budget, classes, tenantLines, faults }: BudgetPageModel): Html {
  const typed = (name: string, value: string | number | undefined) =>
    typedOr(faults, 'budget', name, value === undefined ? '' : String(value));
  const hasFaultInDetails = faults?.form === 'budget' && faults.faults.some((fault) => DETAILS.test(fault));
  const cell = (name: string, label: string, value: number | undefined) =>
    html`<td><input name="${name}" aria-label="${label}" inputmode="numeric" maxlength="10" value="${typed(name, value)}"></td>`;
  return html`<details class="wide"${hasFaultInDetails && html` open`}><summary>Classes, places kept, tenants, spike guard, thresholds</summary>
<table><caption>Empty: no limit, no places. Places are kept out of the whole limit.</caption><thead><tr><th scope="col">Class</th><th scope="col">At most</th><th scope="col">Places kept</th></tr></thead><tbody>${classes.map(
    (name) =>
      html`<tr><th scope="row">${name}</th>${cell(`limit.${name}`, `At most of class ${name}`, budget.classes[name])}${cell(`reserve.${name}`, `Places kept for class ${name}`, budget.reserve[name])}</tr>`,
  )}</tbody></table>
<div class="fields"><div class="field wide"><label for="tenants">Limits of tenants</label><textarea id="tenants" name="tenants" rows="4" spellcheck="false" aria-describedby="tenants-hint">
${typed('tenants', tenantLines)}</textarea><small id="tenants-hint">A line each, such as acme = 50; * = 20 holds for every other tenant. Empty: none.</small></div>
<div class="field"><label for="spike-mode">Spike guard</label><select id="spike-mode" name="spike.mode">${SPIKE_MODES.map(
    ([value, text]) =>
      html`<option value="${value}"${value === typed('spike.mode', budget.spikeGuard?.mode ?? 'off') && html` selected`}>${text}</option>`,
  )}</select></div>
<div class="field"><label for="spike-factor">Times the mean hour</label><input id="spike-factor" name="spike.factor" inputmode="decimal" maxlength="11" value="${typed('spike.factor', budget.spikeGuard?.factor)}"></div>
<div class="field"><label for="spike-minimum">At least, an hour</label><input id="spike-minimum" name="spike.minimum" inputmode="numeric" maxlength="10" value="${typed('spike.minimum', budget.spikeGuard?.minimum)}"></div>
<div class="field"><label for="thresholds">Alerts at, in percent</label><input id="thresholds" name="thresholds" maxlength="60" autocomplete="off" value="${typed('thresholds', budget.thresholds.join(', '))}"></div></div></details>`;
}

function buildPreview({ preview }: BudgetPageModel): Html | null {
  if (preview === null) return null;
  const { month, identities, refused, saved, table } = preview;
  const name = monthText(month);
  if (identities === 0) {
    return html`<p class="done wide" role="status">There is nothing to try it on: nobody was counted in ${name}.</p>`;
  }
  const money = rangeText(dollarText(saved.low), dollarText(saved.high));
  return html`<p class="done wide" role="status"><strong>Blocking, this would have refused ${amountOf(refused, 'identity', 'identities')} of ${countText(identities)} in ${name}</strong>, ${money} less by price table “${table}”. Nothing is set yet.</p>`;
}

/** A raise for a time; there must be a limit to raise. */
export function buildRaiseForm(model: BudgetPageModel): Html | null {
  const { budget, faults, once } = model;
  if (budget.limit === null) return null;
  return panel(
    { id: 'raise-more', title: 'Raise it for a time' },
    html`<form method="post" action="${addressOf(model, '/budget/raises')}" class="fields">${buildFaults(faults, 'raise')}
${onceField(once)}<input type="hidden" name="month" value="${budget.month}">
<div class="field"><label for="identities">Identities more</label><input id="identities" name="identities" inputmode="numeric" required maxlength="10" value="${typedOr(faults, 'raise', 'identities', '')}"></div>
<div class="field"><label for="until">Until, UTC</label><input id="until" name="until" type="datetime-local" value="${typedOr(faults, 'raise', 'until', '')}" aria-describedby="until-hint"><small id="until-hint">Empty: the end of ${monthText(budget.month)}, the latest there is.</small></div>
${reasonField('raise-reason', typedOr(faults, 'raise', 'reason', ''))}
<div class="field"><button>Raise</button></div>
</form>`,
  );
}

/** Ends a raise before its time. */
export function buildEndRaiseForm(model: BudgetPageModel): Html | null {
  const { budget, faults, once } = model;
  if (budget.raises.length === 0) return null;
  return panel(
    { id: 'end-raise', title: 'End a raise early' },
    html`<form method="post" action="${addressOf(model, '/budget/raises/end')}" class="fields">${buildFaults(faults, 'end-raise')}
<p class="wide">Whoever was let in by it stays counted and is served.</p>
${onceField(once)}
<div class="field wide"><label for="raise">Raise</label><select id="raise" name="raise">${budget.raises.map(
      ({ id, budget: scope, identities, expiresAt }) =>
        html`<option value="${id}">${scope}: ${countText(identities)} more until ${momentText(expiresAt)}</option>`,
    )}</select></div>
${reasonField('end-raise-reason', typedOr(faults, 'end-raise', 'reason', ''))}
<div class="field"><button>End it now</button></div>
</form>`,
  );
}

export function buildFreezeForm(model: BudgetPageModel): Html {
  const { budget, faults, once } = model;
  const frozen = budget.frozenSince !== null;
  const title = frozen ? 'Let newcomers in again' : 'Freeze';
  return panel(
    { id: 'freeze', title, raw: rawLink('/freeze', { service: model.frame.visitor.service }) },
    html`<form method="post" action="${addressOf(model, '/freeze')}" class="fields">${buildFaults(faults, 'freeze')}
<p class="wide">${frozen ? 'Newcomers get tokens again, as far as the budget goes.' : 'While frozen, no newcomer gets a token; those who are counted are served as before.'}</p>
${onceField(once)}<input type="hidden" name="frozen" value="${frozen ? 'no' : 'yes'}">
${reasonField('freeze-reason', typedOr(faults, 'freeze', 'reason', ''))}
<div class="field"><button${!frozen && html` class="danger"`}>${title}</button></div>
</form>`,
  );
}

function addressOf({ frame }: BudgetPageModel, path: string): string {
  return opsAddress(path, { service: frame.visitor.service });
}
