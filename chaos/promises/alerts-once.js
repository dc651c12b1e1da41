/** These are no thresholds of a limit. */
const OTHERS = ['forecast', 'new-per-hour'];

/**
 * An alert for a threshold fires once a month and budget, unless the count was below it again meanwhile because an
 * operator raised the limit.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function alertsOnce({ books }) {
  /** @type {Map<string, Set<number>>} */
  const fired = new Map();
  const violations = [];
  for (const { id, month, budget, threshold, state } of books.alerts) {
    if (OTHERS.includes(budget)) continue;
    const key = `${month} ${budget}`;
    const thresholds = fired.get(key) ?? new Set();
    fired.set(key, thresholds);
    if (state === 'recovered') {
      for (const reached of thresholds) if (reached >= threshold) thresholds.delete(reached);
    } else if (thresholds.has(threshold)) violations.push(`${key}: ${threshold} % fired again, alert ${id}`);
    else thresholds.add(threshold);
  }
  return { checked: books.alerts.length, violations };
}
