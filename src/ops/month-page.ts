import { amountOf } from '../domain/amount-of.ts';
import { monthOf } from '../domain/month.ts';
import { buildBreakdowns } from './breakdowns.ts';
import { buildBurnUp } from './burn-up.ts';
import { buildDaysPanel } from './days-panel.ts';
import { buildEmptyMonth } from './empty-month.ts';
import { buildExports } from './export-panel.ts';
import { buildFigures } from './figures.ts';
import { buildFindings } from './findings-panel.ts';
import { buildForecast } from './forecast-panel.ts';
import { opsAddress, withQuery } from './frame.ts';
import { buildGuests } from './guests-panel.ts';
import { type Html, html } from './html.ts';
import type { MonthPageModel, ShownSummary } from './month-page-model.ts';
import { mayActAs } from './operator.ts';
import { buildOrigins } from './origins-panel.ts';
import { buildPage } from './page-shell.ts';
import { describeStatus, describeStore } from './status.ts';
import { buildWaste } from './waste-panel.ts';
import { ageText, countText, monthText, rangeText, shortMonthText } from './words.ts';

/** Until this day a month has little to show yet, and the one before stands beside it. */
const EARLY_DAYS = 3;
/** Beyond these the page would grow long, in bytes too; the system page shows all. */
const FINDINGS_SHOWN = 3;

/** The dashboard of one service and month as an HTML document. */
export function buildMonthPage(model: MonthPageModel): string {
  const { frame, summary, days, previousDays } = model;
  const name = monthText(summary.month);
  const limit = summary.budget?.limit ?? null;
  const of = { month: summary.month, service: frame.visitor.service };
  return buildPage({
    frame,
    title: name,
    section: 'overview',
    main: html`
<div class="heading"><h1>Monthly active users</h1>${buildStatus(model)}</div>
${model.ageSeconds !== null && buildAway(model.ageSeconds)}
${buildMonthPicker(model)}
${buildServicePicker(model)}
<div id="figures"${model.ageSeconds !== null && html` class="old"`}${buildLive(model)}>
${summary.identities.total === 0 && buildEmptyMonth(model)}
${buildFigures(model)}
${isEarly(model) && model.previous && buildPrevious(model.previous, model)}
${buildBurnUp({ month: summary.month, days, previousDays, limit, forecast: model.forecast })}
${buildForecast(model.forecast)}
${buildDaysPanel(days, of)}
${buildWhereFrom(model)}
${buildGuests(model)}
${buildWaste(model.waste)}
${buildFindings(model, of, { most: FINDINGS_SHOWN, rest: opsAddress('/system', { service: of.service }) })}
${buildBreakdowns(summary, model.limits)}
</div>
${buildExports(model)}`,
  });
}

function isEarly({ summary, nowMs }: MonthPageModel): boolean {
  return summary.month === monthOf(nowMs) && new Date(nowMs).getUTCDate() <= EARLY_DAYS;
}

/** Address of a month's page; everything the page shows is in it. */
function monthAddress({ frame }: MonthPageModel, month: string): string {
  return opsAddress('', { month, service: frame.visitor.service });
}

/** Where the script finds news of this month; a month that is over, or cannot be read, has none. */
function buildLive({ summary, nowMs, frame, ageSeconds }: MonthPageModel): Html | false {
  if (summary.month !== monthOf(nowMs) || ageSeconds !== null || !frame.visitor.signedIn) return false;
  const { service } = frame.visitor;
  return html` data-events="${withQuery('/v1/events', { service })}" data-poll="${withQuery(`/v1/months/${summary.month}`, { service })}" data-month="${summary.month}"`;
}

function buildStatus(model: MonthPageModel): Html {
  const { verdict, tone, parts } = describeStatus(model);
  const { asOf } = model.summary;
  return html`<p class="status"><strong class="verdict ${tone}">${verdict}</strong> ${parts.map(
    (part) => html`<span>${part}</span> `,
  )}<span id="store" data-store="${model.store}">${describeStore(model)}</span> <span id="freshness">read <time datetime="${asOf}">${asOf.slice(11, 19)}</time> UTC</span></p>`;
}

function buildAway(ageSeconds: number): Html {
  return html`<p class="away" role="alert"><strong>The ledger does not answer.</strong> These are the last known figures, ${ageText(ageSeconds)} old. <a href="">Try again</a></p>`;
}

function buildMonthPicker(model: MonthPageModel): Html {
  return html`<nav class="months" aria-label="Months"><ul>${model.months.map(
    (month) =>
      html`<li><a href="${monthAddress(model, month)}"${month === model.summary.month && html` aria-current="page"`}>${shortMonthText(month)}</a></li>`,
  )}</ul></nav>`;
}

function buildServicePicker({ frame, summary }: MonthPageModel): Html | null {
  const { services, service } = frame.visitor;
  if (services.length < 2) return null;
  return html`<nav class="months" aria-label="Services"><ul>${services.map(
    (name) =>
      html`<li><a href="${opsAddress('', { month: summary.month, service: name })}"${name === service && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav>`;
}

function buildWhereFrom({ origins, summary, frame }: MonthPageModel): Html {
  const { operator, service } = frame.visitor;
  const list = mayActAs(operator, 'finance') ? { month: summary.month, service } : null;
  return buildOrigins({ origins, total: summary.identities.total, list });
}

function buildPrevious(previous: ShownSummary, model: MonthPageModel): Html {
  const { identities, activeUsers, mints, budget } = previous;
  const active = rangeText(countText(activeUsers.low), countText(activeUsers.high));
  const limit = budget ? ` of a budget of ${countText(budget.limit)}` : '';
  return html`<section class="panel" id="previous"><h2>The month before: ${monthText(previous.month)}</h2>
<p>${amountOf(identities.total, 'identity', 'identities')}${limit}, ${active} active users, ${amountOf(mints.minted, 'minted token', 'minted tokens')}. <a href="${monthAddress(model, previous.month)}">Show ${monthText(previous.month)}</a></p></section>`;
}
