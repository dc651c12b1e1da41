/** A gateway may need so long to notice that its store is back. */
const NOTICED_MS = 6_000;

/**
 * Whether a request may have met a store that was away, as far as the gateway knew.
 *
 * @param {ReturnType<typeof import('../run/history.js').createHistory>} history
 * @param {number} [afterMs] how long after its return it may still count as away
 * @returns {(request: { sentMs: number, answeredMs: number }) => boolean}
 */
export function createAwayCheck({ notes }, afterMs = NOTICED_MS) {
  const spans = notes.filter(({ what }) => what === 'store');
  return ({ sentMs, answeredMs }) =>
    spans.some(({ fromMs, untilMs }) => sentMs <= untilMs + afterMs && answeredMs >= fromMs);
}
