import { monthOf } from '../domain/month.ts';
import { buildBreakdowns } from './breakdowns.ts';
import { buildBurnUp } from './burn-up.ts';
import { buildDaysTable } from './days-table.ts';
import { buildExplanations } from './explanations.ts';
import { buildFigures } from './figures.ts';
import { type Html, html } from './html.ts';
import type { MonthPageModel, ShownSummary } from './month-page-model.ts';
import { mayActAs } from './operator.ts';
import { buildPage } from './page-shell.ts';
import { describeStatus } from './status.ts';
import { amountText, countText, monthText, rangeText, shortMonthText } from './words.ts';

/** The dashboard of one service and month as an HTML document. */
export function buildMonthPage(model: MonthPageModel): string {
  const { summary } = model;
  const name = monthText(summary.month);
  return buildPage({
    title: name,
    demo: model.demo,
    corner: buildCorner(model),
    main: html`
<div class="heading"><h1>Monthly active users</h1>${buildStatus(model)}</div>
${buildMonthPicker(model)}
${buildServicePicker(model)}
${summary.identities.total === 0 && buildEmptyText(model)}
${buildFigures(summary)}
${model.previous && buildPrevious(model.previous, model)}
${buildBurnUp(summary.month, model.days, summary.budget?.limit ?? null)}
${buildBreakdowns(summary, model.limits)}
${buildDaysTable(model.days)}
${buildExports(model)}
${buildExplanations(model.rules)}`,
  });
}

/** Address of a month's page; everything the page shows is in it. */
function pageAddress(model: MonthPageModel, month: string): string {
  return `/ops?${new URLSearchParams({ month, service: model.service }).toString()}`;
}

function buildCorner({ operator, signedIn }: MonthPageModel): Html {
  return html`<div class="corner"><span class="who">${operator.name} <small>${operator.role}</small></span>${
    signedIn && html`<form method="post" action="/ops/logout"><button class="quiet">Sign out</button></form>`
  }</div>`;
}

function buildStatus(model: MonthPageModel): Html {
  const { verdict, tone, parts } = describeStatus(model);
  return html`<p class="status"><strong class="verdict ${tone}">${verdict}</strong> ${parts.map(
    (part, index) => html`${index > 0 && html` <span aria-hidden="true">·</span> `}<span>${part}</span>`,
  )}</p>`;
}

function buildMonthPicker(model: MonthPageModel): Html {
  return html`<nav class="months" aria-label="Months"><ul>${model.months.map(
    (month) =>
      html`<li><a href="${pageAddress(model, month)}"${month === model.summary.month && html` aria-current="page"`}>${shortMonthText(month)}</a></li>`,
  )}</ul></nav>`;
}

function buildServicePicker({ services, service, summary }: MonthPageModel): Html | null {
  if (services.length < 2) return null;
  return html`<nav class="months" aria-label="Services"><ul>${services.map(
    (name) =>
      html`<li><a href="/ops?${new URLSearchParams({ month: summary.month, service: name }).toString()}"${name === service && html` aria-current="page"`}>${name}</a></li>`,
  )}</ul></nav>`;
}

function buildEmptyText({ summary, nowMs, previous }: MonthPageModel): Html {
  const name = monthText(summary.month);
  if (summary.month > monthOf(nowMs)) return html`<p class="empty">${name} has not begun (UTC).</p>`;
  if (summary.month < monthOf(nowMs)) return html`<p class="empty">Nobody was counted in ${name}.</p>`;
  const before =
    previous &&
    previous.identities.total > 0 &&
    html` The month before ended at ${countText(previous.identities.total)}.`;
  return html`<p class="empty">Nobody has been counted in ${name} yet.${before} The first token that <code>POST /v1/tokens</code> hands out shows here at once; reload the page to see it.</p>`;
}

function buildPrevious(previous: ShownSummary, model: MonthPageModel): Html {
  const { identities, activeUsers, mints, budget } = previous;
  const active = rangeText(countText(activeUsers.low), countText(activeUsers.high));
  const limit = budget ? ` of a budget of ${countText(budget.limit)}` : '';
  return html`<section class="panel previous"><h2>The month before: ${monthText(previous.month)}</h2>
<p>${amountText(identities.total, 'identity', 'identities')}${limit}, ${active} active users, ${amountText(mints.minted, 'minted token', 'minted tokens')}. <a href="${pageAddress(model, previous.month)}">Show ${monthText(previous.month)}</a></p></section>`;
}

function buildExports(model: MonthPageModel): Html {
  if (!mayActAs(model.operator, 'finance')) {
    return html`<section class="panel"><h2>Export</h2><p>Cost and the lists of identities and mints need the role finance.</p></section>`;
  }
  const { month } = model.summary;
  const query = new URLSearchParams({ service: model.service }).toString();
  return html`<section class="panel"><h2>Export</h2>
<p>Every row of ${monthText(month)} as CSV, in a stable order, safe to open in a spreadsheet.</p>
<ul class="exports"><li><a class="button" href="/ops/exports/${month}/identities.csv?${query}" download>Identities <small>CSV</small></a></li><li><a class="button" href="/ops/exports/${month}/mints.csv?${query}" download>Mints <small>CSV</small></a></li></ul></section>`;
}
