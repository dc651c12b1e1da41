import type { DayRow } from '../contract.ts';
import { type Html, html } from './html.ts';
import { rawMonthLink } from './raw-link.ts';
import { tableRow } from './table-row.ts';
import { countText } from './words.ts';

/** A bar is a thick line at the number of its day from 0, which keeps the page small. How thick is in `plot.css`. */
const HEIGHT = 120;
const REFUSED_HEIGHT = 30;
/** A month that has just begun is as wide as the shortest one. */
const DAYS_MIN = 28;
/** Classes with a tone of their own; the rest share the last one. */
const TONES = 3;

/** Newcomers day by day, as bars by class with the same numbers as a table. Nothing before anything happened. */
export function buildDaysPanel(days: readonly DayRow[], of: { month: string; service: string }): Html | null {
  const rows = days.map((row) => ({ ...row, newcomers: sum(row.new), refusals: sum(row.refused) }));
  if (!rows.some((row) => row.newcomers + row.minted + row.reused + row.refusals > 0)) return null;
  const classes = rankClasses(days);
  const refusedMost = Math.max(...rows.map((row) => row.refusals));
  const best = rows.reduce((most, row) => (row.newcomers > most.newcomers ? row : most));
  return html`<figure class="panel" id="per-day"><figcaption><h2 id="days-title">New per day</h2>${rawMonthLink('/days', of)}
<p class="note">Most on <time datetime="${best.day}">${weekdayText(best.day)}</time>: ${countText(best.newcomers)}. New: seen for the first time this month.</p></figcaption>
${buildBars(rows, classes, best.newcomers)}
${refusedMost > 0 && buildRefusals(rows, refusedMost)}
<p class="legend">${classes.slice(0, TONES).map((name, tone) => html`<span><i class="key tone-${tone}"></i> ${tone === TONES - 1 && classes.length > TONES ? 'others' : name}</span> `)}${refusedMost > 0 && html`<span><i class="key refused"></i> refused requests, below, up to ${countText(refusedMost)} a day</span>`}</p>
<details><summary>Day by day as a table</summary>
<div class="scroll" role="group" aria-labelledby="days-title" tabindex="0">
<table id="days" class="days"><caption class="unseen">Day by day, newest first</caption>
<thead><tr><th scope="col">Day</th><th scope="col">New</th><th scope="col">So far</th><th scope="col">Minted</th><th scope="col">Reused</th><th scope="col">Refused</th></tr></thead>
<tbody>${rows
    .toReversed()
    .map(({ day, newcomers, cumulative, minted, reused, refusals }) =>
      tableRow(weekdayText(day), [newcomers, cumulative, minted, reused, refusals].map(countText)),
    )}
</tbody></table></div></details></figure>`;
}

/** Every number stands in the table too, so the bars are hidden from screen readers. One path a tone. */
function buildBars(rows: readonly { new: DayRow['new'] }[], classes: readonly string[], most: number): Html {
  const paths = Array.from({ length: TONES }, () => '');
  for (const [index, row] of rows.entries()) {
    let top = HEIGHT;
    for (const [rank, name] of classes.entries()) {
      const height = Math.round(((row.new[name] ?? 0) / Math.max(1, most)) * HEIGHT);
      top -= height;
      if (height > 0) paths[toneOf(rank)] += `M${index} ${top}v${height}`;
    }
  }
  return html`<div class="plot bars"><svg viewBox="-.5 0 ${widthOf(rows)} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${paths.map((path, tone) => path !== '' && html`<path class="tone-${tone}" d="${path}"/>`)}</svg></div>`;
}

/** Requests, not people: a scale of its own, hanging from the line so that it is not taken for the same. */
function buildRefusals(rows: readonly { refusals: number }[], most: number): Html {
  const path = rows
    .map(({ refusals }, index) => {
      const height = Math.round((refusals / most) * REFUSED_HEIGHT);
      return height > 0 ? `M${index} 0v${height}` : '';
    })
    .join('');
  return html`<div class="plot bars below"><svg viewBox="-.5 0 ${widthOf(rows)} ${REFUSED_HEIGHT}" preserveAspectRatio="none" aria-hidden="true"><path class="refused" d="${path}"/></svg></div>`;
}

function toneOf(rank: number): number {
  return Math.min(rank, TONES - 1);
}

/** Those with the most newcomers first. */
function rankClasses(days: readonly DayRow[]): string[] {
  const totals = new Map<string, number>();
  for (const { new: counts } of days) {
    for (const [name, count] of Object.entries(counts)) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  return [...totals]
    .filter(([, count]) => count > 0)
    .sort(([, one], [, two]) => two - one)
    .map(([name]) => name);
}

const WEEKDAY = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone: 'UTC' });

/** `20 Fri`. */
function weekdayText(day: string): string {
  return `${Number(day.slice(8))} ${WEEKDAY.format(new Date(`${day}T00:00:00Z`))}`;
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function widthOf(rows: readonly unknown[]): number {
  return Math.max(rows.length, DAYS_MIN);
}
