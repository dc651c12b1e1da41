import { formatRows } from './format-rows.ts';
import { formatUsd } from './format-usd.ts';

/** A count, an amount of US dollars, or nothing to say. */
export type Amount = number | { usd: number } | null;

/** Lines of a table of counts and dollars under its head, each column but the first flush right. */
export function formatAmounts(
  head: readonly string[],
  rows: readonly (readonly [name: string, ...amounts: Amount[]])[],
): string[] {
  const texts = rows.map(([name, ...amounts]) => [name, ...amounts.map(textOf)]);
  const widths = head.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => (row[column] ?? '').length)),
  );
  const flush = (row: readonly string[]) =>
    row.map((text, column) => (column === 0 ? text : text.padStart(widths[column] ?? 0)));
  return formatRows(flush(head), texts.map(flush));
}

function textOf(amount: Amount): string {
  if (amount === null) return '';
  return typeof amount === 'number' ? amount.toLocaleString('en-US') : formatUsd(amount.usd);
}
