import { amountOf } from '../domain/amount-of.ts';
import { type Html, html } from './html.ts';
import type { MonthPageModel } from './month-page-model.ts';
import { mayActAs } from './operator.ts';
import { monthText } from './words.ts';

/** What can be saved as a file, how many rows it will have, and in which form. */
export function buildExports({
  frame,
  summary,
  archived,
}: Pick<MonthPageModel, 'frame' | 'summary' | 'archived'>): Html {
  const { operator, service } = frame.visitor;
  if (!mayActAs(operator, 'finance')) {
    return html`<section class="panel" id="export"><h2>Export</h2><p>Cost and the lists of identities and mints need the role finance.</p></section>`;
  }
  const { month, identities, mints } = summary;
  const rows = [
    ...(archived.people
      ? []
      : [['identities', amountOf(identities.total, 'identity', 'identities')] as const]),
    ...(archived.mints ? [] : [['mints', amountOf(mints.minted, 'mint', 'mints')] as const]),
  ];
  const whatLeft = [...(archived.people ? ['identities'] : []), ...(archived.mints ? ['mints'] : [])].join(
    ' and ',
  );
  const left =
    whatLeft !== '' &&
    html`<p>The ${whatLeft} of ${monthText(month)} are in the archive. To save them, put the month back: <code>mau-guard restore --month ${month}</code>.</p>`;
  if (rows.length === 0) return html`<section class="panel" id="export"><h2>Export</h2>${left}</section>`;
  return html`<section class="panel" id="export"><h2>Export</h2>${left}
<p>Every row of ${monthText(month)} in a stable order; CSV is safe to open in a spreadsheet.</p>
<form method="get" action="/ops/exports/${month}" class="search"><input type="hidden" name="service" value="${service}">
${select('rows', 'Rows', rows)}
${select('format', 'Format', [
  ['csv', 'CSV'],
  ['ndjson', 'JSON lines'],
])}
${select('names', 'Names', [
  ['whole', 'whole'],
  ['masked', 'first 6 characters'],
])}
<div class="field"><button>Save the file</button></div>
</form></section>`;
}

function select(name: string, label: string, options: readonly (readonly [string, string])[]): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options.map(
    ([value, text]) => html`<option value="${value}">${text}</option>`,
  )}</select></div>`;
}
