import { amountOf } from '../domain/amount-of.ts';
import type { Month } from '../domain/month.ts';
import type { Origins } from '../reports/origins.ts';
import { opsAddress } from './frame.ts';
import { type Html, html } from './html.ts';
import { tableRow } from './table-row.ts';
import { countText, shareText } from './words.ts';

export interface OriginsModel {
  origins: Origins;
  /** Identities of the month. */
  total: number;
  /** Whose list a class leads to; null for those who may not see it. */
  list: { month: Month; service: string } | null;
}

/** Where the identities came from: by class and by what brought them, then by tenant. */
export function buildOrigins({ origins, total, list }: OriginsModel): Html {
  const { classes, tenants, tenantsMore } = origins;
  const link = (text: string, filter: Record<string, string>): Html | string =>
    list === null ? text : html`<a href="${opsAddress('/identities', { ...list, ...filter })}">${text}</a>`;
  return html`<section class="panel" id="origins"><h2 id="origins-title">Where from</h2>
<p class="note">Class of the first admission. Other token: seen to connect, though not by a token from here. Events: only Twilio told of them.</p>
<div class="scroll" role="group" aria-labelledby="origins-title" tabindex="0">
<table class="counts"><caption class="unseen">By class</caption>
<thead><tr><th scope="col">Class</th><th scope="col">Identities</th><th scope="col">Share</th><th scope="col">Token</th><th scope="col">Other token</th><th scope="col">Events</th></tr></thead>
<tbody>${classes.map(({ className, identities, withToken, otherToken, byEvents }) =>
    tableRow(link(className, { class: className }), [
      countText(identities),
      shareText(identities, total),
      countText(withToken),
      otherToken === 0
        ? '0'
        : link(countText(otherToken), { class: className, signal: 'connected', not: 'minted' }),
      countText(byEvents),
    ]),
  )}
</tbody></table>${
    tenants.length > 0 &&
    html`
<table class="counts"><caption>Tenants that logins named${tenantsMore > 0 && `; ${amountOf(tenantsMore, 'more has', 'more have')} fewer`}.</caption>
<thead><tr><th scope="col">Tenant</th><th scope="col">Identities</th><th scope="col">Share</th></tr></thead>
<tbody>${tenants.map(({ tenant, identities }) =>
      tableRow(tenant, [countText(identities), shareText(identities, total)]),
    )}
</tbody></table>`
  }</div></section>`;
}
