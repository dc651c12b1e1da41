import type { DayRow } from '../contract.ts';
import { daysInMonth, type Month } from '../domain/month.ts';
import type { Assets } from './assets.ts';
import { type Html, html } from './html.ts';
import { amountText, countText } from './words.ts';

/** Of a day, and of the highest count with its headroom; whole numbers keep the page small. */
const DAY = 20;
const HEIGHT = 400;
/** Space above the highest line, for its label. */
const HEADROOM = 1.16;

export interface BurnUpModel {
  month: Month;
  days: readonly DayRow[];
  /** Of the month before, drawn in grey; empty: none. */
  previousDays: readonly DayRow[];
  /** The budget's limit, or null. */
  limit: number | null;
  /** At the end of the month, drawn as a dashed line in a band; null: none. */
  forecast: { low: number; mid: number; high: number } | null;
  assets: Assets;
}

/**
 * Identities over the days of the month, with the budget as a dashed line and the month before in grey. Everything it
 * shows stands in its caption and in the table of days too. A script may draw it anew, to point at single days; what
 * that needs stands in the figure's attributes.
 */
export function buildBurnUp({
  month,
  days,
  previousDays,
  limit,
  forecast,
  assets,
}: BurnUpModel): Html | null {
  const total = days.at(-1)?.cumulative ?? 0;
  if (days.length === 0 || total === 0) return null;
  const length = daysInMonth(month);
  const now = days.map((row) => row.cumulative);
  const before = previousDays.slice(0, length).map((row) => row.cumulative);
  const hasBefore = (before.at(-1) ?? 0) > 0;
  const ahead = days.length < length ? forecast : null;
  const highest = Math.max(total, limit ?? 0, before.at(-1) ?? 0, ahead?.high ?? 0);
  const top = highest * HEADROOM;
  const width = length * DAY;
  const y = (count: number) => Math.round(HEIGHT - (count / top) * HEIGHT);
  const budget = limit === null ? '' : ` Dashed: the budget of ${countText(limit)}.`;
  const coming = ahead ? ` Dotted: the forecast, ${countText(ahead.low)} to ${countText(ahead.high)}.` : '';
  const from = `M${days.length * DAY} ${y(total)}L${width} `;
  const line = lineOf(now.map(y));
  // Of its own last day, which may lie beyond the width of this month.
  const end = previousDays.at(-1)?.cumulative ?? 0;
  const past = hasBefore ? ` Grey: the month before, ${countText(end)} at its end.` : '';
  return html`<figure class="panel burn-up" id="burn-up" data-uplot="${assets.address('uplot.js')}" data-style="${assets.address('uplot.css')}" data-month="${month}" data-now="${now.join(' ')}" data-before="${hasBefore && before.join(' ')}" data-limit="${limit}" data-forecast="${ahead && `${ahead.low} ${ahead.mid} ${ahead.high}`}"><figcaption><h2>Identities over the month</h2>
<p>${amountText(total, 'identity', 'identities')} after ${amountText(days.length, 'day', 'days')}.${budget}${past}${coming}</p></figcaption>
<div class="plot"><span class="top" aria-hidden="true">${countText(highest)}</span>
<svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
<path class="area" d="${line}V${HEIGHT}z"/>
<path class="grid" d="${weekLines(length).map((day) => `M${day * DAY} 0v${HEIGHT}`)}M0 ${y(highest)}h${width}"/>
${hasBefore && html`<path class="before" d="${lineOf(before.map(y))}"/>`}
${ahead && html`<path class="band" d="${from}${y(ahead.high)}V${y(ahead.low)}z"/><path class="ahead" d="${from}${y(ahead.mid)}"/>`}
<path class="line" d="${line}"/>
${limit !== null && html`<path class="limit" d="M0 ${y(limit)}h${width}"/>`}
</svg>
<p class="axis" aria-hidden="true"><span>1</span><span>${length}</span></p></div></figure>`;
}

function weekLines(length: number): number[] {
  return [7, 14, 21, 28].filter((day) => day < length);
}

/** From the corner through one height a day, each as its distance to the one before. */
function lineOf(heights: readonly number[]): string {
  const steps = heights.map((height, index) => ` ${DAY} ${height - (heights[index - 1] ?? HEIGHT)}`);
  return `M0 ${HEIGHT}l${steps.join('').trim()}`;
}
