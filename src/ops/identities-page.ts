import type { IdentityRow } from '../contract.ts';
import { amountOf } from '../domain/amount-of.ts';
import type { Month } from '../domain/month.ts';
import { SIGNALS } from '../domain/signal.ts';
import { SIGNAL_WORDS } from './breakdowns.ts';
import { buildFaults, type FormFaults, onceField, reasonField, typedOr } from './forms.ts';
import { type Frame, opsAddress, type Visitor } from './frame.ts';
import { type Html, html } from './html.ts';
import { maskIdentity } from './mask-identity.ts';
import { mayActAs } from './operator.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';
import { rawLink } from './raw-link.ts';
import { countText, momentText, monthText } from './words.ts';

/** What the list is asked for; all of it stands in the address. */
export interface IdentityQuestion {
  month: Month;
  /** The identity or its beginning; empty: any. */
  q: string;
  /** Empty: any class. */
  className: string;
  /** A signal that must be there; empty: any. */
  signal: string;
  /** A signal that must not be there; empty: none. */
  not: string;
}

export interface IdentitiesPageModel {
  frame: Frame & { visitor: Visitor };
  question: IdentityQuestion;
  /** Months and classes to choose from. */
  months: readonly Month[];
  classes: readonly string[];
  items: readonly IdentityRow[];
  nextCursor: string | null;
  /** Whether people of the month are in the archive, and the list so knows less than was counted. */
  archived: boolean;
  /** Whether the search paused before the page was full. */
  stoppedEarly: boolean;
  /** Where these rows begin; null: at the beginning. */
  cursor: string | null;
  /** Whether names are shown in full: somebody has said why, and it was written down. */
  whole: boolean;
  /** What was wrong with the form that asks for that, if anything. */
  faults: FormFaults | null;
  /** A random text: the same form sent twice is one entry. */
  once: string;
}

/** Who was counted in a month: a form that asks, and a page of answers. */
export function buildIdentitiesPage(model: IdentitiesPageModel): string {
  const { frame, question, items } = model;
  return buildPage({
    frame,
    title: `Identities of ${monthText(question.month)}`,
    section: 'identities',
    main: html`
<div class="heading"><h1>Identities of ${monthText(question.month)}</h1></div>
${buildSearch(model)}
${panel(
  { id: 'list', title: 'Identities found', raw: buildRaw(model) },
  html`${model.archived && buildArchived(model)}${items.length > 0 ? buildTable(model) : !model.archived && buildNothing(model)}
${buildMore(model)}
`,
)}
${buildReveal(model)}`,
  });
}

/** Both give all that is asked for, not this page alone, with whole names; so the links say it. */
function buildRaw({ question, frame }: IdentitiesPageModel): Html {
  const { month, q, className, signal, not } = question;
  const { service } = frame.visitor;
  const filter = { service, q, class: className, signal, not };
  return html`${rawLink(`/months/${month}/identities`, filter, 'JSON, whole names')}<a class="raw" href="${opsAddress(`/exports/${month}/identities.csv`, filter)}">CSV, whole names</a>`;
}

function addressOf(model: IdentitiesPageModel, cursor: string | null, path = '/identities'): string {
  const { q, className, signal, not, month } = model.question;
  const { service } = model.frame.visitor;
  return opsAddress(path, { month, service, q, class: className, signal, not, cursor });
}

function buildSearch({ frame, question, months, classes }: IdentitiesPageModel): Html {
  const { q, className, signal, not, month } = question;
  const signals = SIGNALS.map((name) => [name, `${name}: ${SIGNAL_WORDS[name]}`] as const);
  return html`<form class="panel search" method="get" action="/ops/identities" role="search">
<input type="hidden" name="service" value="${frame.visitor.service}">
<div class="field wide"><label for="q">Identity, or how it begins</label><input id="q" name="q" type="search" value="${q}" maxlength="256" spellcheck="false" autocomplete="off"></div>
${field(
  'month',
  'Month',
  month,
  months.map((name) => [name, monthText(name)] as const),
)}
${field('class', 'Class', className, [['', 'any'], ...classes.map((name) => [name, name] as const)])}
${field('signal', 'Was seen to', signal, [['', 'anything'], ...signals])}
${field('not', 'Never seen to', not, [['', 'whatever'], ...signals])}
<div class="field"><button class="primary">Search</button></div>
</form>`;
}

function field(
  name: string,
  label: string,
  chosen: string,
  options: readonly (readonly [string, string])[],
): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(
    ([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`,
  )}</select></div>`;
}

function buildTable({ frame, items, question, whole }: IdentitiesPageModel): Html {
  const { operator, service } = frame.visitor;
  const isAdmin = mayActAs(operator, 'admin');
  const nameCell = (identity: string) => {
    const shown = whole ? identity : maskIdentity(identity, question.q);
    // The address of a page holds the name, so it stands only beside a name that is shown.
    if (!isAdmin || shown !== identity) return shown;
    return html`<a href="${opsAddress(`/identities/${encodeURIComponent(identity)}`, { service })}">${identity}</a>`;
  };
  return html`<div class="scroll" role="group" aria-labelledby="list-title" tabindex="0">
<table class="identities"><caption class="unseen">${amountOf(items.length, 'identity', 'identities')} of ${monthText(question.month)}</caption>
<thead><tr><th scope="col">Identity</th><th scope="col">Class</th><th scope="col">First seen</th><th scope="col">Last seen</th><th scope="col" class="number">Mints</th><th scope="col">Was seen to</th></tr></thead>
<tbody>${items.map(
    (row) => html`
<tr><th scope="row">${nameCell(row.identity)}</th><td>${row.class}</td><td>${instantCell(row.firstSeen)}</td><td>${instantCell(row.lastSeen)}</td><td class="number">${countText(row.mints)}</td><td>${row.signals.join(', ')}</td></tr>`,
  )}
</tbody></table></div>`;
}

function instantCell(instant: string): Html {
  return html`<time datetime="${instant}">${momentText(instant).replace(' UTC', '')}</time>`;
}

function buildArchived({ question: { month } }: IdentitiesPageModel): Html {
  return html`<p>The people of ${monthText(month)} are in the archive. To see them, put the month back: <code>mau-guard restore --month ${month}</code>.</p>`;
}

function buildNothing(model: IdentitiesPageModel): Html {
  const { q, className, signal, not, month } = model.question;
  const { service } = model.frame.visitor;
  const isFiltered = q !== '' || className !== '' || signal !== '' || not !== '';
  if (model.stoppedEarly) return html`<p>None of those read so far match.</p>`;
  if (!isFiltered) return html`<p>Nobody was counted in ${monthText(month)}.</p>`;
  return html`<p>No identity of ${monthText(month)} matches.</p>
<p><a class="button" href="${opsAddress('/identities', { month, service })}">Clear the filter</a></p>`;
}

function buildMore(model: IdentitiesPageModel): Html {
  const { nextCursor, stoppedEarly, cursor } = model;
  return html`<p class="pages">${cursor !== null && html`<a class="button" href="${addressOf(model, null)}">From the beginning</a> `}${
    nextCursor !== null &&
    html`<a class="button" rel="next" href="${addressOf(model, nextCursor)}">${stoppedEarly ? 'Search on' : 'Next page'}</a>`
  }${stoppedEarly && html` <span class="note">Only a part of the month was read, so that the page comes at once.</span>`}</p>`;
}

/** Who must read names says why. Not for somebody who came with a key, which reads them by the API. */
function buildReveal(model: IdentitiesPageModel): Html | null {
  const { frame, items, whole, faults, once, cursor } = model;
  const { operator, signedIn } = frame.visitor;
  if (whole) {
    return html`<p class="done" role="status">Whole names, for this look only. The audit log says that you read them, and why.</p>`;
  }
  if (items.length === 0) return null;
  if (!signedIn || !mayActAs(operator, 'admin')) {
    return html`<p class="note">Names are shown by their first characters. A signed-in admin can show them whole; who types a name in full finds it.</p>`;
  }
  return panel(
    { id: 'reveal', title: 'Show whole names' },
    html`<form method="post" action="${addressOf(model, cursor, '/identities/reveal')}" class="fields">${buildFaults(faults, 'reveal')}
${onceField(once)}
${reasonField('reveal-reason', typedOr(faults, 'reveal', 'reason', ''))}
<div class="field"><button>Show them</button></div>
</form>`,
  );
}
