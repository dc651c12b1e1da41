/**
 * A number with as many digits as it deserves: three that count, thousands grouped.
 *
 * @param {number | null | undefined} value null and undefined are shown as not measured
 */
export function formatNumber(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en-US');
  if (size >= 100 || Number.isInteger(value)) return String(Math.round(value));
  if (size >= 10) return value.toFixed(1);
  if (size >= 1) return value.toFixed(2);
  return value.toFixed(3);
}

/**
 * `min / median / max`; a single value when they are the same.
 *
 * @param {import('../statistics.js').Spread | null | undefined} spread
 */
export function formatSpread(spread) {
  if (!spread) return '–';
  const { min, median, max } = spread;
  return min === max ? formatNumber(median) : [min, median, max].map(formatNumber).join(' / ');
}

/**
 * Lines of a table. The first column is text, the others are set flush right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function formatTable(head, rows) {
  const lines = [head, ...rows];
  const widths = [...head.keys()].map((column) => Math.max(...lines.map((row) => [...row[column]].length)));
  const line = (row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat(widths[column] - [...cell].length);
        return column === 0 ? cell + padding : padding + cell;
      })
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}
