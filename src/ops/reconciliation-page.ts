import type { Month } from '../domain/month.ts';
import type { Reconciliation } from '../reconcile/reconciliation.ts';
import { buildFaults, type FormFaults, onceField, typedOr } from './forms.ts';
import { type Frame, opsAddress, type Visitor } from './frame.ts';
import { type Html, html } from './html.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';
import { rawMonthLink } from './raw-link.ts';
import {
  ageText,
  changeText,
  countText,
  dollarText,
  momentText,
  monthText,
  rangeText,
  shortMonthText,
} from './words.ts';

export interface ReconciliationPageModel {
  frame: Frame & { visitor: Visitor };
  reconciliation: Reconciliation;
  months: readonly Month[];
  /** What was wrong with the form, if anything. */
  faults: FormFaults | null;
  /** A random text: the same form sent twice is one entry. */
  once: string;
}

/** The ledger beside what Twilio says it bills, and what explains the difference. */
export function buildReconciliationPage(model: ReconciliationPageModel): string {
  const { frame, reconciliation } = model;
  const { month } = reconciliation;
  return buildPage({
    frame,
    title: `Twilio’s figure for ${monthText(month)}`,
    section: 'reconciliation',
    main: html`
<div class="heading"><h1>Twilio’s figure for ${monthText(month)}</h1>${buildVerdict(reconciliation)}</div>
${buildMonths(model)}
${buildFailure(reconciliation)}
${buildFigures(reconciliation)}
${buildCauses(reconciliation)}
${buildReadings(reconciliation)}
${reconciliation.trigger && panel({ id: 'trigger', title: 'Twilio’s own usage trigger', raw: rawOf(reconciliation) }, html`<p>${reconciliation.trigger.says}</p>`)}
${frame.visitor.signedIn && buildPull(model)}`,
  });
}

/** All of the page is one answer of the API. */
function rawOf(reconciliation: Reconciliation): Html {
  return rawMonthLink('/reconciliation', reconciliation);
}

function buildVerdict({ state, withinRange, gap, twilio }: Reconciliation): Html {
  if (state === 'never-pulled') {
    return html`<p class="status"><strong class="verdict warning">Not compared</strong> <span>Nothing was asked of Twilio for this month yet. It needs an API key that may read Usage: <code>TWILIO_REST_API_KEY_SID</code> and <code>TWILIO_REST_API_KEY_SECRET</code>.</span></p>`;
  }
  if (gap === null) {
    return html`<p class="status"><strong class="verdict warning">No record</strong> <span>Twilio has no usage record of this month.</span></p>`;
  }
  const tone = withinRange ? 'calm' : 'warning';
  const words = withinRange ? 'Within the range' : `${changeText(gap)} against the ledger`;
  return html`<p class="status"><strong class="verdict ${tone}">${words}</strong> <span>Twilio’s figure is ${ageText(twilio?.ageSeconds ?? 0)} old.</span></p>`;
}

function buildMonths({ frame, months, reconciliation }: ReconciliationPageModel): Html {
  const { service } = frame.visitor;
  return html`<nav class="months" aria-label="Months"><ul>${months.map(
    (month) =>
      html`<li><a href="${opsAddress('/reconciliation', { month, service })}"${month === reconciliation.month && html` aria-current="page"`}>${shortMonthText(month)}</a></li>`,
  )}</ul></nav>`;
}

function buildFailure({ attempt }: Reconciliation): Html | null {
  if (attempt?.failure == null) return null;
  return html`<p class="away" role="alert"><strong>The last try at ${momentText(attempt.at)} failed.</strong> ${attempt.failure.says} ${attempt.failure.nextStep}</p>`;
}

function buildFigures(reconciliation: Reconciliation): Html {
  const { ledger, twilio, gap, cost, category } = reconciliation;
  const rows: (readonly [string, string])[] = [
    ['Identities in the ledger', countText(ledger.total)],
    ['Got a token', countText(ledger.minted)],
    ['Were seen connected', countText(ledger.connected)],
    [`Active users, rules ${ledger.rules}`, rangeText(countText(ledger.low), countText(ledger.high))],
    [`Cost, price table “${cost.table}”`, rangeText(dollarText(cost.low), dollarText(cost.high))],
    ...(twilio === null
      ? []
      : ([
          [`Twilio’s ${category}, whole account`, countText(twilio.count)],
          ['Twilio less ledger', changeText(gap ?? 0)],
          ['Pulled', momentText(twilio.pulledAt)],
        ] as const)),
  ];
  return panel(
    { id: 'sides', title: 'Side by side', raw: rawOf(reconciliation) },
    html`<table class="pairs"><caption class="unseen">The ledger and Twilio side by side</caption><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`,
  );
}

function buildCauses(reconciliation: Reconciliation): Html | null {
  const { causes } = reconciliation;
  if (causes.length === 0) return null;
  return panel(
    { id: 'causes', title: 'What explains the difference', raw: rawOf(reconciliation) },
    html`<div class="scroll" role="group" aria-labelledby="causes-title" tabindex="0">
<table><caption class="unseen">Causes</caption><thead><tr><th scope="col">Cause</th><th scope="col" class="number">Identities</th><th scope="col">How sure</th><th scope="col">Next step</th></tr></thead>
<tbody>${causes.map(
      ({ cause, identities, certainty, says, nextStep }) => html`
<tr><th scope="row">${cause} <small>${says}</small></th><td class="number">${changeText(identities)}</td><td>${certainty} <small>${CERTAINTY_WORDS[certainty]}</small></td><td>${nextStep}</td></tr>`,
    )}
</tbody></table></div>`,
  );
}

const CERTAINTY_WORDS: Record<Reconciliation['causes'][number]['certainty'], string> = {
  exact: 'they add up to the difference',
  possible: 'could be, in part',
  unexplained: 'no cause is left',
};

function buildReadings(reconciliation: Reconciliation): Html {
  const { readings, twilio } = reconciliation;
  return panel(
    { id: 'readings', title: 'Other readings of the rules', raw: rawOf(reconciliation) },
    html`<div class="scroll" role="group" aria-labelledby="readings-title" tabindex="0">
<table><caption class="unseen">Active users by each reading</caption><thead><tr><th scope="col">Rules</th><th scope="col" class="number">Active users</th>${twilio && html`<th scope="col">Same as Twilio</th>`}</tr></thead>
<tbody>${readings.map(
      ({ rules, low, high, isTwilios }) => html`
<tr><th scope="row">${rules}</th><td class="number">${rangeText(countText(low), countText(high))}</td>${twilio && html`<td>${isTwilios ? 'yes' : 'no'}</td>`}</tr>`,
    )}
</tbody></table></div>`,
  );
}

function buildPull({ frame, reconciliation, faults, once }: ReconciliationPageModel): Html {
  const { month } = reconciliation;
  const action = opsAddress('/reconciliation', { month, service: frame.visitor.service });
  return panel(
    { id: 'pull', title: 'Ask Twilio now' },
    html`<form method="post" action="${action}" class="fields">${buildFaults(faults, 'pull')}<p class="wide">Reads the usage record of the account; writes nothing there. Earlier figures are kept, and who asked is in the audit log.</p>${onceField(once)}
<div class="field wide"><label for="pull-reason">Reason, if there is one</label><input id="pull-reason" name="reason" maxlength="500" autocomplete="off" value="${typedOr(faults, 'pull', 'reason', '')}"></div>
<div class="field"><button>Ask Twilio now</button></div></form>`,
  );
}
