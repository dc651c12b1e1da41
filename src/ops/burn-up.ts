import type { DayRow } from '../contract.ts';
import { daysInMonth, type Month } from '../domain/month.ts';
import { type Html, html } from './html.ts';
import { amountText, countText } from './words.ts';

const WIDTH = 640;
const HEIGHT = 200;
/** Space above the highest line, for its label. */
const HEADROOM = 1.16;

/**
 * Identities over the days of the month, with the budget as a dashed line. Everything it shows stands in its
 * caption and in the table of days too.
 */
export function buildBurnUp(month: Month, days: readonly DayRow[], limit: number | null): Html | null {
  const total = days.at(-1)?.cumulative ?? 0;
  if (days.length === 0 || total === 0) return null;
  const length = daysInMonth(month);
  const highest = Math.max(total, limit ?? 0);
  const top = highest * HEADROOM;
  const x = (day: number) => round((day / length) * WIDTH);
  const y = (count: number) => round(HEIGHT - (count / top) * HEIGHT);
  const points = [`0,${HEIGHT}`, ...days.map((row, index) => `${x(index + 1)},${y(row.cumulative)}`)];
  const end = `${x(days.length)},${HEIGHT}`;
  const budget = limit === null ? '' : ` Dashed: the budget of ${countText(limit)}.`;
  return html`<figure class="panel burn-up"><figcaption><h2>Identities over the month</h2>
<p>${amountText(total, 'identity', 'identities')} after ${amountText(days.length, 'day', 'days')}.${budget}</p></figcaption>
<div class="plot"><span class="top" aria-hidden="true">${countText(highest)}</span>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
${weekLines(length).map((day) => html`<line class="grid" x1="${x(day)}" x2="${x(day)}" y1="0" y2="${HEIGHT}"/>`)}
<line class="grid" x1="0" x2="${WIDTH}" y1="${y(highest)}" y2="${y(highest)}"/>
<polygon class="area" points="${[...points, end].join(' ')}"/>
<polyline class="line" points="${points.join(' ')}"/>
${limit !== null && html`<line class="limit" x1="0" x2="${WIDTH}" y1="${y(limit)}" y2="${y(limit)}"/>`}
</svg>
<p class="axis" aria-hidden="true"><span>1</span><span>${length}</span></p></div></figure>`;
}

function weekLines(length: number): number[] {
  return [7, 14, 21, 28].filter((day) => day < length);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
