import type { CountingRules } from '../domain/counting-rules.ts';
import type { Signal } from '../domain/signal.ts';
import type { IdentityPage } from '../reports/identity-page.ts';
import { SIGNAL_WORDS } from './breakdowns.ts';
import { buildFaults, type FormFaults, onceField, reasonField, typedOr } from './forms.ts';
import { type Frame, opsAddress, type Visitor } from './frame.ts';
import { type Html, html } from './html.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';
import { rawLink } from './raw-link.ts';
import { countText, momentText, monthText } from './words.ts';

export interface IdentityPageModel {
  frame: Frame & { visitor: Visitor };
  page: IdentityPage;
  /** By which the month's figures are counted. */
  rules: CountingRules;
  /** Authorities whose people can get a token; the form of an erasure names one. */
  issuers: readonly string[];
  faults: FormFaults | null;
  /** A random text: the same form sent twice is one write. */
  once: string;
}

/** Why somebody was counted: every month, what they were seen to do, when first, and who told. */
export function buildIdentityPage(model: IdentityPageModel): string {
  const { frame, page, rules } = model;
  return buildPage({
    frame,
    title: page.identity,
    section: 'identities',
    main: html`
<div class="heading"><h1 class="name">${page.identity}</h1><p class="status"><strong class="verdict ${page.blocked ? 'alarm' : 'calm'}">${page.blocked ? 'Blocked' : 'Served'}</strong> <span>${describeLinks(page)}</span></p></div>
${page.months.length === 0 && html`<p class="empty">No kept month has counted this identity.</p>`}
${page.months.map((month) => buildMonth(month, rules, rawLink(`/identities/${encodeURIComponent(page.identity)}`, { service: frame.visitor.service })))}
${frame.visitor.signedIn && [buildBlockForm(model), buildErasureForm(model)]}`,
  });
}

function describeLinks({ links: { servedAs, servedFor } }: IdentityPage): string {
  if (servedAs !== null) return `This person is served as ${servedAs}.`;
  return servedFor === null ? 'Not linked to another identity.' : `Serves the person of ${servedFor}.`;
}

function buildMonth(month: IdentityPage['months'][number], rules: CountingRules, raw: Html): Html {
  const id = `month-${month.month}`;
  const tenant = month.tenant === null ? '' : `, tenant ${month.tenant}`;
  return panel(
    { id, title: monthText(month.month), raw },
    html`<p>Class ${month.class}${tenant}; ${countText(month.mints)} minted; seen first ${momentText(month.firstSeen)}, last ${momentText(month.lastSeen)}. ${describeBill(month, rules)}</p>
<div class="scroll" role="group" aria-labelledby="${id}-title" tabindex="0">
<table><caption>Why they were counted</caption>
<thead><tr><th scope="col">Was seen to</th><th scope="col">First</th><th scope="col">Told by</th><th scope="col">Counts</th></tr></thead>
<tbody>${month.signals.map(
      ({ signal, firstAt, source }) => html`
<tr><th scope="row">${signal} <small>${SIGNAL_WORDS[signal]}</small></th><td>${momentText(firstAt)}</td><td>${source}</td><td>${verdictOf(signal, rules)}</td></tr>`,
    )}
</tbody></table></div>`,
  );
}

function verdictOf(signal: Signal, { low, high }: CountingRules): 'yes' | 'disputed' | 'no' {
  if (low.includes(signal)) return 'yes';
  return high.includes(signal) ? 'disputed' : 'no';
}

/** In which of the month's two figures they are. */
function describeBill({ signals }: IdentityPage['months'][number], rules: CountingRules): string {
  const { version, unit } = rules;
  if (unit === 'conversations') return `By ${version} conversations are billed, not people.`;
  const verdicts = signals.map(({ signal }) => verdictOf(signal, rules));
  if (verdicts.includes('yes')) return `Active by ${version}, in the low figure and in the high one.`;
  return verdicts.includes('disputed')
    ? `Active by ${version} in the high figure only.`
    : `Not active by ${version}.`;
}

function buildBlockForm({ frame, page, faults, once }: IdentityPageModel): Html {
  const action = opsAddress(`/identities/${encodeURIComponent(page.identity)}/block`, {
    service: frame.visitor.service,
  });
  const text = page.blocked
    ? 'They get tokens again from the next request on.'
    : 'They get no new token from the next request on. One that is out lasts until it ends.';
  return panel(
    { id: 'block', title: page.blocked ? 'Allow again' : 'Block' },
    html`<form method="post" action="${action}" class="fields">${buildFaults(faults, 'block')}
<p class="wide">${text}</p>${onceField(once)}<input type="hidden" name="blocked" value="${page.blocked ? 'no' : 'yes'}">
${reasonField('block-reason', typedOr(faults, 'block', 'reason', ''))}
<div class="field"><button${!page.blocked && html` class="danger"`}>${page.blocked ? 'Allow again' : 'Block this identity'}</button></div>
</form>`,
  );
}

/** Who erases says whom: the ledger knows no issuer and no subject, and what they type must lead to this identity. */
function buildErasureForm({ frame, page, issuers, faults, once }: IdentityPageModel): Html {
  const action = opsAddress(`/identities/${encodeURIComponent(page.identity)}/erase`, {
    service: frame.visitor.service,
  });
  const typed = (name: string) => typedOr(faults, 'erase', name, '');
  return panel(
    { id: 'erase', title: 'Erase the person' },
    html`<form method="post" action="${action}" class="fields">${buildFaults(faults, 'erase')}
<p class="wide">A random pseudonym takes the place of every identity they have, in all months and in the mint log; links and blocks go. Counts stay. It cannot be undone. A token that is out could bring the identity back: block first, and erase when it has ended.</p>${onceField(once)}
<div class="field wide"><label for="erase-issuer">Issuer of their login</label><select id="erase-issuer" name="issuer">${issuers.map(
      (issuer) => html`<option${issuer === typed('issuer') && html` selected`}>${issuer}</option>`,
    )}</select></div>
<div class="field wide"><label for="erase-subject">Subject in their login</label><input id="erase-subject" name="subject" required maxlength="1024" spellcheck="false" autocomplete="off" value="${typed('subject')}" aria-describedby="erase-hint"><small id="erase-hint">Must be the person of this identity, or nothing happens.</small></div>
${reasonField('erase-reason', typed('reason'))}
<div class="field"><button class="danger">Erase for good</button></div>
</form>`,
  );
}
