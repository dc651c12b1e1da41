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
 * @param {number[]} counts of the days so far
 * @returns {ChartData}
 */
export function readChartData({ month = '', before = '', limit = '', forecast = '', turns = '' }, counts) {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const days = Array.from({ length }, (_, index) => index + 1);
  const last = counts.length;
  /** @param {number | undefined} end @param {number | undefined} turn the day on which it goes through the limit; 0: none */
  const ahead = (end, turn = 0) =>
    days.map((day) => {
      const start = counts[last - 1];
      if (end === undefined || start === undefined || day < last) return null;
      if (turn === 0) return between(day, [last, start], [length, end]);
      const middle = [turn, Number(limit)];
      return day < turn ? between(day, [last, start], middle) : between(day, middle, [length, end]);
    });
  const [low, mid, high] = numbersOf(forecast);
  const [turnHigh, turnMid, turnLow] = numbersOf(turns);
  const before1 = numbersOf(before);
  return {
    days,
    now: days.map((_, index) => counts[index] ?? null),
    before: days.map((_, index) => before1[index] ?? null),
    limit: days.map(() => (limit === '' ? null : Number(limit))),
    ...{ low: ahead(low, turnLow), mid: ahead(mid, turnMid), high: ahead(high, turnHigh) },
  };
}

/** What the table of days says there were so far, first day first. */
export function readCounts() {
  const cells = document.querySelectorAll('#days tbody td:nth-child(3)');
  return [...cells].map((cell) => Number(cell.textContent?.replaceAll(',', ''))).reverse();
}

/** On the straight line between two points. @param {number} day @param {number[]} from @param {number[]} to */
function between(day, [fromDay = 0, fromCount = 0], [toDay = 0, toCount = 0]) {
  return Math.round(fromCount + ((toCount - fromCount) * (day - fromDay)) / (toDay - fromDay));
}

/** @param {string} text */
function numbersOf(text) {
  return text === '' ? [] : text.split(' ').map(Number);
}
