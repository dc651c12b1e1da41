import type { DayRow } from '../contract.ts';
import { daysInMonth, type Month } from '../domain/month.ts';
import type { Assets } from './assets.ts';
import { type Html, html } from './html.ts';
import { amountText, countText } from './words.ts';

const WIDTH = 640;
const HEIGHT = 200;
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
  const x = (day: number) => round((day / length) * WIDTH);
  const y = (count: number) => round(HEIGHT - (count / top) * HEIGHT);
  const pointsOf = (counts: readonly number[]) =>
    [`0,${HEIGHT}`, ...counts.map((count, index) => `${x(index + 1)},${y(count)}`)].join(' ');
  const budget = limit === null ? '' : ` Dashed: the budget of ${countText(limit)}.`;
  const coming = ahead ? ` Dotted: the forecast, ${countText(ahead.low)} to ${countText(ahead.high)}.` : '';
  const from = `${x(days.length)},${y(total)}`;
  // Of its own last day, which may lie beyond the width of this month.
  const end = previousDays.at(-1)?.cumulative ?? 0;
  const past = hasBefore ? ` Grey: the month before, ${countText(end)} at its end.` : '';
  return html`<figure class="panel burn-up" id="burn-up" data-uplot="${assets.address('uplot.js')}" data-style="${assets.address('uplot.css')}" data-month="${month}" data-now="${now.join(' ')}" data-before="${hasBefore && before.join(' ')}" data-limit="${limit}" data-forecast="${ahead && `${ahead.low} ${ahead.mid} ${ahead.high}`}"><figcaption><h2>Identities over the month</h2>
<p>${amountText(total, 'identity', 'identities')} after ${amountText(days.length, 'day', 'days')}.${budget}${past}${coming}</p></figcaption>
<div class="plot"><span class="top" aria-hidden="true">${countText(highest)}</span>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
${weekLines(length).map((day) => html`<line class="grid" x1="${x(day)}" x2="${x(day)}" y1="0" y2="${HEIGHT}"/>`)}
<line class="grid" x1="0" x2="${WIDTH}" y1="${y(highest)}" y2="${y(highest)}"/>
${hasBefore && html`<polyline class="before" points="${pointsOf(before)}"/>`}
${ahead && html`<polygon class="band" points="${from} ${WIDTH},${y(ahead.high)} ${WIDTH},${y(ahead.low)}"/><polyline class="ahead" points="${from} ${WIDTH},${y(ahead.mid)}"/>`}
<polygon class="area" points="${pointsOf(now)} ${x(days.length)},${HEIGHT}"/>
<polyline class="line" points="${pointsOf(now)}"/>
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
