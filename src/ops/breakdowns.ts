import type { MonthSummary } from '../contract.ts';
import { amountOf } from '../domain/amount-of.ts';
import { SIGNALS, type Signal } from '../domain/signal.ts';
import { bar } from './bar.ts';
import { type Html, html } from './html.ts';
import type { ScopeUse } from './month-page-model.ts';
import { rawMonthLink } from './raw-link.ts';
import { tableRow } from './table-row.ts';
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

/** A budget may have limits for a thousand tenants; the fullest are those that matter. */
const LIMITS_SHOWN = 3;

/** Identities by signal, refusals by code, and the limits of single classes and tenants. */
export function buildBreakdowns(summary: MonthSummary, limits: readonly ScopeUse[]): Html {
  const { mints } = summary;
  const refused = Object.entries(mints.refused).sort(([, left], [, right]) => right - left);
  const shadow = Object.entries(mints.shadow).sort(([, left], [, right]) => right - left);
  const left = [
    limits.length > 0 && limitTable(limits),
    refused.length > 0 && refusalTable(refused),
    shadow.length > 0 && shadowTable(shadow),
  ];
  return html`<div class="columns">
${left.some(Boolean) && html`<div class="stack">${left}</div>`}
${signalTable(summary)}
</div>`;
}

function signalTable(summary: MonthSummary): Html {
  const { total, bySignal } = summary.identities;
  return html`<section class="panel" id="signals"><h2>By signal</h2>${rawMonthLink('', summary)}
<table class="shares"><caption>What identities were seen to do; one may have done several things.</caption>
<thead><tr><th scope="col">Signal</th><th scope="col">Identities</th><th scope="col">Share</th><td></td></tr></thead>
<tbody>${SIGNALS.map((name) => {
    const count = bySignal[name];
    const head = html`${name} <small>${SIGNAL_WORDS[name]}</small>`;
    return tableRow(head, [countText(count), shareText(count, total), bar(count, total)]);
  })}
</tbody></table></section>`;
}

function limitTable(limits: readonly ScopeUse[]): Html {
  const fullest = limits.toSorted((one, two) => shareOf(two) - shareOf(one)).slice(0, LIMITS_SHOWN);
  const more = limits.length - fullest.length;
  return html`<section class="panel" id="limits"><h2>Limits in the budget</h2>
<table class="shares"><caption>A person must fit into every limit that concerns them.${more > 0 && ` ${amountOf(more, 'more is', 'more are')} no fuller.`}</caption>
<thead><tr><th scope="col">Limit of</th><th scope="col">Used</th><th scope="col">Limit</th><td></td></tr></thead>
<tbody>${fullest.map(({ scope, limit, used }) =>
    tableRow(scope.replace(':', ' '), [
      countText(used),
      countText(limit),
      bar(used, limit, used >= limit ? 'alarm' : 'plain'),
    ]),
  )}
</tbody></table></section>`;
}

function shareOf({ used, limit }: ScopeUse): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : used / limit;
}

function refusalTable(refused: readonly (readonly [string, number])[]): Html {
  return html`<section class="panel" id="refused"><h2>Refused</h2>
<table class="counts"><caption>Token requests that were refused, by reason; one person may ask many times.</caption>
<thead><tr><th scope="col">Reason</th><th scope="col">Requests</th></tr></thead>
<tbody>${refused.map(([code, count]) =>
    tableRow(html`<a href="/problems/${encodeURIComponent(code)}">${code}</a>`, [countText(count)]),
  )}
</tbody></table></section>`;
}

function shadowTable(shadow: readonly (readonly [string, number])[]): Html {
  return html`<section class="panel" id="shadow"><h2>Would have been refused</h2>
<table class="counts"><caption>Let in all the same: the rule runs in shadow, or the budget only warns.</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Requests</th></tr></thead>
<tbody>${shadow.map(([rule, count]) => tableRow(rule, [countText(count)]))}
</tbody></table></section>`;
}
