import type { DayRow } from '../contract.ts';
import { amountOf } from '../domain/amount-of.ts';
import { daysInMonth, type Month } from '../domain/month.ts';
import type { Forecast } from '../reports/forecast/read-forecast.ts';
import { type Html, html } from './html.ts';
import { countText, dayText } from './words.ts';

/** Of the highest count with its headroom. A day is 1 wide: whole and short numbers keep the page small. */
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
  /** Drawn as a dotted line in a band; where it reaches the limit, or the month did, there is a mark. */
  forecast: Pick<Forecast, 'identities' | 'exhaustedOn' | 'exhaustedBetween'> | null;
}

/**
 * Identities over the days of the month, with the budget as a dashed line and the month before in grey. Everything it
 * shows stands in its caption and in the table of days too. A script may draw it anew, to point at single days; what
 * that needs stands in the table of days and in the figure's attributes.
 */
export function buildBurnUp(model: BurnUpModel): Html | null {
  const { month, days, previousDays, limit, forecast } = model;
  const total = days.at(-1)?.cumulative ?? 0;
  if (days.length === 0 || total === 0) return null;
  const length = daysInMonth(month);
  const now = days.map((row) => row.cumulative);
  const before = previousDays.slice(0, length).map((row) => row.cumulative);
  const hasBefore = (before.at(-1) ?? 0) > 0;
  const ahead = (days.length < length && forecast?.identities) || null;
  const highest = Math.max(total, limit ?? 0, before.at(-1) ?? 0, ahead?.high ?? 0);
  const top = highest * HEADROOM;
  const y = (count: number) => Math.round(HEIGHT - (count / top) * HEIGHT);
  const crossing = (limit !== null && forecast?.exhaustedOn) || null;
  const turns = total < (limit ?? 0) && ahead ? turnsOf(forecast, days.length, length) : NO_TURNS;
  const turnTo = (day: number) => (day > 0 ? `L${day} ${y(limit ?? 0)}` : '');
  const from = `M${days.length} ${y(total)}`;
  const line = lineOf(now.map(y));
  return html`<figure class="panel burn-up" id="burn-up" data-month="${month}" data-before="${hasBefore && before.join(' ')}" data-limit="${limit}" data-forecast="${ahead && `${ahead.low} ${ahead.mid} ${ahead.high}`}" data-turns="${turns.high} ${turns.mid} ${turns.low}"><figcaption><h2>Identities over the month</h2>
<p>${amountOf(total, 'identity', 'identities')} after ${amountOf(days.length, 'day', 'days')}.${describeBudget(limit, crossing)}${hasBefore && describeBefore(previousDays)}${ahead && ` Dotted: the forecast, ${countText(ahead.low)} to ${countText(ahead.high)}.`}</p></figcaption>
<div class="plot"><span class="top" aria-hidden="true">${countText(highest)}</span>
<svg viewBox="0 0 ${length} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
<path class="area" d="${line}V${HEIGHT}z"/>
<path class="grid" d="${weekLines(length).map((day) => `M${day} 0v${HEIGHT}`)}M0 ${y(highest)}h${length}"/>
${hasBefore && html`<path class="before" d="${lineOf(before.map(y))}"/>`}
${ahead && html`<path class="band" d="${from}${turnTo(turns.high)}L${length} ${y(ahead.high)}V${y(ahead.low)}${turnTo(turns.low)}z"/><path class="ahead" d="${from}${turnTo(turns.mid)}L${length} ${y(ahead.mid)}"/>`}
<path class="line" d="${line}"/>
${limit !== null && html`<path class="limit" d="M0 ${y(limit)}h${length}"/>`}
</svg>
${crossing && buildMark(crossing, Number(crossing.slice(8)) / length, y(limit ?? 0) / HEIGHT)}
<p class="axis" aria-hidden="true"><span>1</span><span>${length}</span></p></div></figure>`;
}

/**
 * The days on which the lines of the forecast reach the limit: they go through it there, as the words say. 0: the line
 * is straight, since it reaches the limit on its first or last day, or not at all.
 */
type Turns = Record<'low' | 'mid' | 'high', number>;

const NO_TURNS: Turns = { low: 0, mid: 0, high: 0 };

function turnsOf(forecast: BurnUpModel['forecast'], from: number, length: number): Turns {
  const turnOn = (name: string | null | undefined) => {
    const day = Number(name?.slice(8) ?? 0);
    return day > from && day < length ? day : 0;
  };
  const { exhaustedOn, exhaustedBetween } = forecast ?? {};
  return {
    low: turnOn(exhaustedBetween?.latest),
    mid: turnOn(exhaustedOn),
    high: turnOn(exhaustedBetween?.earliest),
  };
}

/**
 * A drawing of its own: what is stretched to the width of the page would stretch letters too. The day stands to the left,
 * where the lines that rise to the right leave room. Parts of 1.
 */
function buildMark(day: string, x: number, y: number): Html {
  const percent = (part: number) => `${Math.round(1000 * part) / 10}%`;
  const [left, top] = [percent(x), percent(y)];
  const isFirst = x < 0.15;
  return html`<svg class="mark" data-day="${Number(day.slice(8))}" aria-hidden="true"><circle cx="${left}" cy="${top}" r="5"/><text x="${left}" y="${top}" dx="${isFirst ? 8 : -8}" dy="-8"${!isFirst && html` text-anchor="end"`}>${dayText(day)}</text></svg>`;
}

function describeBudget(limit: number | null, crossing: string | null): string {
  if (limit === null) return '';
  const marked = crossing === null ? '' : `; marked: ${dayText(crossing)}, when it is used up`;
  return ` Dashed: the budget of ${countText(limit)}${marked}.`;
}

/** Of its own last day, which may lie beyond the width of this month. */
function describeBefore(previousDays: readonly DayRow[]): string {
  return ` Grey: the month before, ${countText(previousDays.at(-1)?.cumulative ?? 0)} at its end.`;
}

function weekLines(length: number): number[] {
  return [7, 14, 21, 28].filter((day) => day < length);
}

/** From the corner through one height a day, each as its distance to the one before. */
function lineOf(heights: readonly number[]): string {
  const steps = heights.map((height, index) => `1 ${height - (heights[index - 1] ?? HEIGHT)}`);
  return `M0 ${HEIGHT}l${steps.join(' ')}`.replaceAll(' -', '-');
}
