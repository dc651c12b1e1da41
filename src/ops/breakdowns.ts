import type { MonthSummary } from '../contract.ts';
import { SIGNALS, type Signal } from '../domain/signal.ts';
import { bar } from './bar.ts';
import { type Html, html } from './html.ts';
import type { ScopeUse } from './month-page-model.ts';
import { countText, shareText } from './words.ts';

/** What each signal means, in the order of the table. */
export const SIGNAL_WORDS: Record<Signal, string> = {
  minted: 'got a token',
  connected: 'connected with it',
  messaged: 'sent a message',
  joined: 'joined a conversation',
  read: 'read a conversation',
  left: 'left a conversation',
  created: 'user record created',
  updated: 'user record updated',
  addressed: 'phone or WhatsApp address',
};

/** Identities by signal, refusals by code, and the limits of single classes and tenants. */
export function buildBreakdowns(summary: MonthSummary, limits: readonly ScopeUse[]): Html {
  const { identities, mints } = summary;
  const refused = Object.entries(mints.refused).sort(([, left], [, right]) => right - left);
  const shadow = Object.entries(mints.shadow).sort(([, left], [, right]) => right - left);
  const { total, bySignal } = identities;
  const left = [
    limits.length > 0 && limitTable(limits),
    refused.length > 0 && refusalTable(refused),
    shadow.length > 0 && shadowTable(shadow),
  ];
  return html`<div class="columns">
${left.some(Boolean) && html`<div class="stack">${left}</div>`}
${shareTable('By signal', 'Signal', signalRows(bySignal), total, 'What identities were seen to do; one may have done several things.')}
</div>`;
}

interface ShareRow {
  name: string;
  hint?: string;
  count: number;
}

function signalRows(bySignal: MonthSummary['identities']['bySignal']): ShareRow[] {
  return SIGNALS.map((name) => ({ name, hint: SIGNAL_WORDS[name], count: bySignal[name] }));
}

function shareTable(
  title: string,
  column: string,
  rows: readonly ShareRow[],
  total: number,
  caption: string,
): Html {
  return html`<section class="panel"><h2>${title}</h2>
<table class="shares"><caption>${caption}</caption>
<thead><tr><th scope="col">${column}</th><th scope="col">Identities</th><th scope="col">Share</th><td></td></tr></thead>
<tbody>${rows.map(
    ({ name, hint, count }) => html`
<tr><th scope="row">${name}${hint !== undefined && html` <small>${hint}</small>`}</th><td>${countText(count)}</td><td>${shareText(count, total)}</td><td>${bar(count, total)}</td></tr>`,
  )}
</tbody></table></section>`;
}

function limitTable(limits: readonly ScopeUse[]): Html {
  return html`<section class="panel"><h2>Limits in the budget</h2>
<table><caption>A person must fit into every limit that concerns them.</caption>
<thead><tr><th scope="col">Limit of</th><th scope="col" class="number">Used</th><th scope="col" class="number">Limit</th><td class="bar-cell"></td></tr></thead>
<tbody>${limits.map(
    ({ scope, limit, used }) => html`
<tr><th scope="row">${scope.replace(':', ' ')}</th><td class="number">${countText(used)}</td><td class="number">${countText(limit)}</td><td class="bar-cell">${bar(used, limit, used >= limit ? 'alarm' : 'plain')}</td></tr>`,
  )}
</tbody></table></section>`;
}

function refusalTable(refused: readonly (readonly [string, number])[]): Html {
  return html`<section class="panel"><h2>Refused</h2>
<table><caption>Token requests that were refused, by reason; one person may ask many times.</caption>
<thead><tr><th scope="col">Reason</th><th scope="col" class="number">Requests</th></tr></thead>
<tbody>${refused.map(
    ([code, count]) => html`
<tr><th scope="row"><a href="/problems/${encodeURIComponent(code)}">${code}</a></th><td class="number">${countText(count)}</td></tr>`,
  )}
</tbody></table></section>`;
}

function shadowTable(shadow: readonly (readonly [string, number])[]): Html {
  return html`<section class="panel"><h2>Would have been refused</h2>
<table><caption>Let in all the same: the rule runs in shadow, or the budget only warns.</caption>
<thead><tr><th scope="col">Rule</th><th scope="col" class="number">Requests</th></tr></thead>
<tbody>${shadow.map(
    ([rule, count]) => html`
<tr><th scope="row">${rule}</th><td class="number">${countText(count)}</td></tr>`,
  )}
</tbody></table></section>`;
}
