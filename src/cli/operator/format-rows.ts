import { printable } from './printable.ts';

/** Numbers are set flush right, everything else flush left; null is shown as a dash. */
export type Cell = string | number | null;

const GAP = '  ';

/**
 * Lines of a table under its head. Long texts are not cut: what is shown may be copied.
 */
export function formatRows(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const texts = rows.map((row) => row.map(textOf));
  const widths = head.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => (row[column] ?? '').length)),
  );
  const isNumeric = head.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumeric[column] && column > 0 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  return [line(head), ...texts.map(line)];
}

/** Lines of `name value`, the values under each other. */
export function formatFacts(facts: readonly (readonly [name: string, value: Cell])[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(width)}${GAP}${textOf(value)}`.trimEnd());
}

function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'number' ? cell.toLocaleString('en-US') : printable(cell);
}
