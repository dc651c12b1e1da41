import { amountOf } from '../domain/amount-of.ts';
import type { SetupFindings } from '../reconcile/newest-setup.ts';
import type { HygieneFinding } from '../reports/hygiene.ts';
import { type Html, html } from './html.ts';
import { panel } from './panel.ts';
import { rawMonthLink } from './raw-link.ts';
import { ageText } from './words.ts';

export interface ShownFindings {
  findings: readonly HygieneFinding[];
  /** Null: not known. */
  setup: SetupFindings | null;
}

export interface FindingsExtent {
  /** How many are shown, at least 2: the first of both kinds. */
  most: number;
  /** Address of the page that shows all of them, why they matter, and what to do. */
  rest: string;
}

/**
 * What the ledger, and the setup at Twilio, show to be wrong with the wiring, in the words of the doctor; nothing when
 * all is well.
 *
 * @param of whose findings they are
 * @param extent null: all of them
 */
export function buildFindings(
  { findings, setup }: ShownFindings,
  of: { month: string; service: string },
  extent: FindingsExtent | null,
): Html | null {
  const atTwilio = setup?.findings ?? [];
  const length = findings.length + atTwilio.length;
  if (length === 0) return null;
  const most = extent?.most ?? length;
  const setupMost = Math.max(Math.floor(most / 2), most - findings.length);
  const shownAtTwilio = atTwilio.slice(0, setupMost);
  const shown = findings.slice(0, most - shownAtTwilio.length);
  const left = length - shown.length - shownAtTwilio.length;
  return panel(
    { id: 'findings', title: 'Look at this', raw: rawMonthLink('/findings', of) },
    html`<ul>${shown.map(({ says, why, fix }) => buildItem(says, extent === null && { why, fix }))}${shownAtTwilio.map(
      ({ name, says, why, fix }) => buildItem(`${name}: ${says}.`, extent === null && { why, fix }),
    )}</ul>
${extent !== null && html`<p><a href="${extent.rest}">${left > 0 ? `${amountOf(left, 'more finding', 'more findings')}, what to do` : 'What to do'}</a></p>`}
<p class="note">${describeSource(setup)}</p>`,
  );
}

function buildItem(says: string, more: { why: string; fix: string } | false): Html {
  return html`
<li><strong>${says}</strong>${more !== false && html` ${more.why}<br>${more.fix}`}</li>`;
}

function describeSource(setup: SetupFindings | null): Html {
  if (setup === null) {
    return html`By this month’s figures alone; <code>mau-guard doctor</code> also looks at Twilio, Redis and the configuration.`;
  }
  return html`By this month’s figures, and by the setup at Twilio ${ageText(setup.ageSeconds)} ago, looked at whenever Twilio’s figure is pulled. <code>mau-guard doctor</code> looks further.`;
}
