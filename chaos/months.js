/**
 * The UTC month of an instant, `YYYY-MM`.
 *
 * @param {number} atMs since the epoch
 */
export function monthOf(atMs) {
  return new Date(atMs).toISOString().slice(0, 7);
}

/**
 * The first instant after the month of an instant, ms since the epoch.
 *
 * @param {number} atMs since the epoch
 */
export function monthEndMs(atMs) {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

/**
 * Every month that a stretch of time touches, in order.
 *
 * @param {number} fromMs since the epoch
 * @param {number} untilMs since the epoch, included
 */
export function monthsBetween(fromMs, untilMs) {
  const months = [];
  for (let atMs = fromMs; monthOf(atMs) <= monthOf(untilMs); atMs = monthEndMs(atMs))
    months.push(monthOf(atMs));
  return months;
}
