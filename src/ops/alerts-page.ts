import type { AlertRow, AlertsPage } from '../contract/alerts.ts';
import { amountOf } from '../domain/amount-of.ts';
import type { AlertTestResult } from './alert-tests.ts';
import type { ForecastLooks } from './forecast-looks.ts';
import { buildFaults, type FormFaults, onceField, reasonField, typedOr } from './forms.ts';
import { type Frame, opsAddress, type Visitor } from './frame.ts';
import { type Html, html } from './html.ts';
import { mayActAs } from './operator.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';
import { rawLink } from './raw-link.ts';
import { ageText, countText, momentText } from './words.ts';

export interface AlertsPageModel {
  frame: Frame & { visitor: Visitor };
  page: AlertsPage;
  /** Where these rows begin; null: with the newest. */
  cursor: string | null;
  /** How many rows a page has. */
  limit: number;
  looks: ForecastLooks;
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
  const { frame, page, cursor, limit } = model;
  const { service } = frame.visitor;
  const raw = rawLink('/alerts', { service, cursor, limit: String(limit) });
  return buildPage({
    frame,
    title: 'Alerts',
    section: 'alerts',
    main: html`
<div class="heading"><h1>Alerts</h1></div>
${panel(
  { id: 'list', title: 'Fired alerts', raw },
  html`${page.items.length > 0 ? buildTable(page.items) : html`<p>No alert has fired. Thresholds stand in the budget; <a href="${opsAddress('/budget', { service })}">look at it</a>.</p>`}
${page.nextCursor !== null && html`<p class="pages"><a class="button" rel="next" href="${opsAddress('/alerts', { service, cursor: page.nextCursor })}">Older alerts</a></p>`}
`,
)}
${buildLooks(model.looks)}
${buildTest(model)}`,
  });
}

/** When it is found out whether an alert is due. */
function buildLooks({ everyMs, nextLookAt }: ForecastLooks): Html {
  const nextAt = nextLookAt();
  const at = nextAt === null ? null : new Date(nextAt).toISOString();
  const next =
    at === null
      ? 'here a look is under way'
      : html`here next at <time datetime="${at}">${momentText(at)}</time>`;
  return panel(
    { id: 'looks', title: 'When limits are looked at' },
    html`<p>Counts: with every newcomer, in the same step. The forecast: every ${ageText(everyMs / 1000)}, ${next}.</p>`,
  );
}

/** Whether alerts would arrive is better known before one fires. */
function buildTest({ frame, targets, faults, results, once }: AlertsPageModel): Html {
  const { operator, signedIn, service } = frame.visitor;
  const says =
    targets.length === 0
      ? 'Nobody is told: no target is configured under alerts.targets.'
      : `${amountOf(targets.length, 'target is', 'targets are')} told of each: ${targets.join(', ')}.`;
  return panel(
    { id: 'told', title: 'Who is told' },
    html`<p>${says}</p>
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
}`,
  );
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
    .map(({ target, state, attempts, error, dueAt }) => {
      const isTried = state === 'pending' || state === 'given-up';
      const tries = isTried ? ` after ${amountOf(attempts, 'attempt', 'attempts')}` : '';
      const next = state === 'pending' && dueAt !== null ? `, next at ${momentText(dueAt)}` : '';
      return `${target}: ${state}${tries}${error === null ? '' : `, ${error}`}${next}`;
    })
    .join('; ');
}
