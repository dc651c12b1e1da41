import { type Html, type HtmlValue, html } from './html.ts';

/**
 * A row of a table. HTML lets the end tags of rows and cells out, and the first cell is known to head its row
 * where a column has nothing but such cells: two kilobytes of the month's page.
 */
export function tableRow(head: HtmlValue, cells: readonly HtmlValue[]): Html {
  return html`
<tr><th>${head}${cells.map((cell) => html`<td>${cell}`)}`;
}
