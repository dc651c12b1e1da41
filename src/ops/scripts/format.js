// @ts-check
// Numbers as the server writes them, so that nothing on the page changes its look when it is brought up to date.

const NUMBER = new Intl.NumberFormat('en-US');
const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** @param {number} count */
export function countText(count) {
  return NUMBER.format(count);
}

/** @param {string} low @param {string} high */
function rangeText(low, high) {
  return low === high ? low : `${low}–${high}`;
}

/**
 * What stands at a path of a month summary, as text; null when there is nothing of the kind.
 *
 * @param {unknown} summary
 * @param {string} path such as `identities.total`
 * @param {string} [as] `count-range` and `dollars-range` write the ends `low` and `high` of what stands there
 */
export function textAt(summary, path, as) {
  /** @type {any} */
  let value = summary;
  for (const name of path.split('.')) value = value?.[name];
  if (as === 'count-range' && value) return rangeText(countText(value.low), countText(value.high));
  if (as === 'dollars-range' && value)
    return rangeText(DOLLARS.format(value.low), DOLLARS.format(value.high));
  return typeof value === 'number' ? countText(value) : null;
}

/** As the server's: `4 s`, `12 min`, `3 h`. @param {number} seconds */
export function ageText(seconds) {
  if (seconds < 120) return `${Math.max(0, Math.floor(seconds))} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
