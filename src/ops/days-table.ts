import type { DayRow } from '../contract.ts';
import { bar } from './bar.ts';
import { type Html, html } from './html.ts';
import { countText } from './words.ts';

/** Day by day, newest first: who was new, what was minted, and the sum so far. Nothing before anything happened. */
export function buildDaysTable(days: readonly DayRow[]): Html | null {
  const rows = days.map((row) => ({ ...row, newcomers: sum(row.new), refusals: sum(row.refused) })).reverse();
  if (!rows.some((row) => row.newcomers + row.minted + row.reused + row.refusals > 0)) return null;
  const most = Math.max(1, ...rows.map((row) => row.newcomers));
  return html`<section class="panel" aria-labelledby="days-title"><h2 id="days-title">Day by day</h2>
<p class="note">UTC days, newest first. New: seen for the first time this month.</p>
<div class="scroll" role="region" aria-labelledby="days-title" tabindex="0">
<table class="days"><caption class="unseen">Day by day</caption>
<thead><tr><th scope="col">Day</th><th scope="col" class="number">New</th><td class="bar-cell"></td><th scope="col" class="number">So far</th><th scope="col" class="number">Minted</th><th scope="col" class="number">Reused</th><th scope="col" class="number">Refused</th></tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr><th scope="row"><time datetime="${row.day}">${weekdayText(row.day)}</time></th><td class="number">${countText(row.newcomers)}</td><td class="bar-cell">${bar(row.newcomers, most)}</td><td class="number">${countText(row.cumulative)}</td><td class="number">${countText(row.minted)}</td><td class="number">${countText(row.reused)}</td><td class="number">${countText(row.refusals)}</td></tr>`,
  )}
</tbody></table></div></section>`;
}

const WEEKDAY = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone: 'UTC' });

/** `20 Fri`. */
function weekdayText(day: string): string {
  return `${Number(day.slice(8))} ${WEEKDAY.format(new Date(`${day}T00:00:00Z`))}`;
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
