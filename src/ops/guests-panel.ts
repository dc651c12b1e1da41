import { amountOf } from '../domain/amount-of.ts';
import { type Html, html } from './html.ts';
import type { MonthPageModel } from './month-page-model.ts';
import { dollarText, rangeText, shareText } from './words.ts';

/** How many of the month are guests, and what those cost who never came back; null where there are none. */
export function buildGuests({ guestClass, summary, waste }: MonthPageModel): Html | null {
  const { byClass, total } = summary.identities;
  const guests = byClass[guestClass] ?? 0;
  if (guests === 0) return null;
  const once = waste?.kinds.find(({ kind }) => kind === 'guest-once') ?? null;
  return html`<section class="panel" id="guests"><h2>Guests</h2>
<p>${amountOf(guests, 'identity', 'identities')} of people without a login, ${shareText(guests, total)} of the month. Each browser is one; a browser that lost its storage, or a second device, is another.</p>
${
  waste !== null &&
  once !== null &&
  once.identities > 0 &&
  html`<p>${amountOf(once.identities, 'guest was', 'guests were')} seen on one day only: <strong>${rangeText(dollarText(once.cost.low), dollarText(once.cost.high))}</strong> for visitors who did not come back so far, price table “${waste.table}”.</p>`
}</section>`;
}
