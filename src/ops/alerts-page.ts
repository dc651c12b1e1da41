import type { AlertRow, AlertsPage } from '../contract/alerts.ts';
import type { AlertTestResult } from './alert-tests.ts';
import { buildFaults, type FormFaults, onceField, reasonField, typedOr } from './forms.ts';
import { type Frame, opsAddress, type Visitor } from './frame.ts';
import { type Html, html } from './html.ts';
import { mayActAs } from './operator.ts';
import { buildPage } from './page-shell.ts';
import { amountText, countText, momentText } from './words.ts';

export interface AlertsPageModel {
  frame: Frame & { visitor: Visitor };
  page: AlertsPage;
  /** Names of those who are told. */
  targets: readonly string[];
  /** What was wrong with the form of the test, if anything. */
  faults: FormFaults | null;
  /** What became of a test; null: there was none. */
  results: readonly AlertTestResult[] | null;
  /** A random text: the same form sent twice is one entry. */
  once: string;
}

/** Alerts that fired, newest first, and whom they reached. */
export function buildAlertsPage(model: AlertsPageModel): string {
  const { frame, page } = model;
  return buildPage({
    frame,
    title: 'Alerts',
    section: 'alerts',
    main: html`
<div class="heading"><h1>Alerts</h1></div>
<section class="panel" aria-labelledby="list-title"><h2 id="list-title" class="unseen">Fired alerts</h2>
${page.items.length > 0 ? buildTable(page.items) : html`<p>No alert has fired. Thresholds stand in the budget; <a href="${opsAddress('/budget', { service: frame.visitor.service })}">look at it</a>.</p>`}
${page.nextCursor !== null && html`<p class="pages"><a class="button" rel="next" href="${opsAddress('/alerts', { service: frame.visitor.service, cursor: page.nextCursor })}">Older alerts</a></p>`}
</section>
${buildTest(model)}`,
  });
}

/** Whether alerts would arrive is better known before one fires. */
function buildTest({ frame, targets, faults, results, once }: AlertsPageModel): Html {
  const { operator, signedIn, service } = frame.visitor;
  const says =
    targets.length === 0
      ? 'Nobody is told: no target is configured under alerts.targets.'
      : `${amountText(targets.length, 'target is', 'targets are')} told of each: ${targets.join(', ')}.`;
  return html`<section class="panel" aria-labelledby="test-title"><h2 id="test-title">Who is told</h2><p>${says}</p>
${
  results !== null &&
  html`<div class="done" role="status">${results.map(
    ({ target, error }) =>
      html`<p>${target}: ${error === null ? 'got the test' : `did not get it, ${error}`}</p>`,
  )}</div>`
}
${
  targets.length > 0 &&
  signedIn &&
  mayActAs(operator, 'admin') &&
  html`<form method="post" action="${opsAddress('/alerts/test', { service })}" class="fields">${buildFaults(faults, 'test')}
${onceField(once)}
${reasonField('test-reason', typedOr(faults, 'test', 'reason', ''))}
<div class="field"><button>Send a test</button></div>
</form>`
}</section>`;
}

function buildTable(rows: readonly AlertRow[]): Html {
  return html`<div class="scroll" role="group" aria-labelledby="list-title" tabindex="0">
<table><caption class="unseen">Fired alerts, newest first</caption><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Limit</th><th scope="col" class="number">Used</th><th scope="col">Told</th></tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr><th scope="row"><time datetime="${row.at}">${momentText(row.at)}</time></th><td>${STATE_WORDS[row.state]} ${row.threshold}\u00a0%</td><td>${row.budget}\u00a0${countText(row.limit)}</td><td class="number">${countText(row.used)}</td><td>${describeDeliveries(row.deliveries)}</td></tr>`,
  )}
</tbody></table></div>`;
}

const STATE_WORDS = { firing: 'reached', escalated: 'reached also', recovered: 'below again:' } as const;

function describeDeliveries(deliveries: AlertRow['deliveries']): string {
  if (deliveries.length === 0) return 'nobody: no target';
  return deliveries
    .map(({ target, state, attempts, error }) => {
      const tries = state === 'delivered' ? '' : ` after ${amountText(attempts, 'attempt', 'attempts')}`;
      return `${target}: ${state}${tries}${error === null ? '' : `, ${error}`}`;
    })
    .join('; ');
}
