/**
 * The extremes and the middle of repeated measurements.
 *
 * @typedef {object} Spread
 * @property {number} min
 * @property {number} median
 * @property {number} max
 */

/**
 * The middle value; of an even number of values the mean of the two in the middle. NaN for none.
 *
 * @param {readonly number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {readonly number[]} values
 * @returns {Spread | null} null when there are no values, or one of them was not measured (null)
 */
export function spreadOf(values) {
  if (values.length === 0 || values.some((value) => value === null || Number.isNaN(value))) return null;
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

/**
 * The nearest-rank percentile: the smallest value that at least `percent` of all values do not exceed.
 *
 * @param {Float64Array} sorted in rising order
 * @param {number} percent above 0, at most 100
 */
export function percentileOf(sorted, percent) {
  if (sorted.length === 0) return Number.NaN;
  // The small step back: 99.9 % of 1000 is 999.0000000000001 to a computer.
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100 - 1e-9) - 1)];
}

/**
 * One competitor's figures against another's, round by round, so that what disturbed a round disturbs both.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs of the same rounds
 * @returns {Spread | null}
 */
export function ratiosByRound(ours, theirs) {
  if (ours.length !== theirs.length) throw new Error('ratios need the same rounds on both sides');
  return spreadOf(ours.map((value, round) => value / theirs[round]));
}
