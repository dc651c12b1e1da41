// @ts-check

/**
 * What a chart draws: the days of the month, and a value for each of them by line; null where a line has none.
 *
 * @typedef {{ days: number[], now: (number | null)[], before: (number | null)[], limit: (number | null)[],
 *   low: (number | null)[], mid: (number | null)[], high: (number | null)[] }} ChartData
 */

/**
 * Reads a figure's attributes: counts at the end of each day.
 *
 * @param {Record<string, string | undefined>} dataset
 * @returns {ChartData}
 */
export function readChartData({ month = '', now = '', before = '', limit = '', forecast = '' }) {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const days = Array.from({ length }, (_, index) => index + 1);
  const counts = numbersOf(now);
  const last = counts.length;
  /** @param {number | undefined} end */
  const ahead = (end) =>
    days.map((day) => {
      const start = counts[last - 1];
      if (end === undefined || start === undefined || day < last) return null;
      return Math.round(start + ((end - start) * (day - last)) / (length - last));
    });
  const [low, mid, high] = numbersOf(forecast);
  const before1 = numbersOf(before);
  return {
    days,
    now: days.map((_, index) => counts[index] ?? null),
    before: days.map((_, index) => before1[index] ?? null),
    limit: days.map(() => (limit === '' ? null : Number(limit))),
    ...{ low: ahead(low), mid: ahead(mid), high: ahead(high) },
  };
}

/** @param {string} text */
function numbersOf(text) {
  return text === '' ? [] : text.split(' ').map(Number);
}
