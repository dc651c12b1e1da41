import type { HygieneFinding } from '../reports/hygiene.ts';
import { type Html, html } from './html.ts';

/** What the ledger shows to be wrong with the wiring, in the words of the doctor; nothing when all is well. */
export function buildFindings(findings: readonly HygieneFinding[]): Html | null {
  if (findings.length === 0) return null;
  return html`<section class="panel" aria-labelledby="findings-title"><h2 id="findings-title">Look at this</h2>
<ul>${findings.map(
    ({ says, why, fix }) => html`
<li><strong>${says}</strong> ${why}<br>${fix}</li>`,
  )}</ul>
<p class="note">By this month’s figures alone; <code>mau-guard doctor</code> also looks at Twilio, Redis and the configuration.</p></section>`;
}
