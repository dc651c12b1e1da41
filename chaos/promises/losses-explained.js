/** What a replica lacks at most when its primary dies, on one machine that is not busy beyond all measure. */
const LAG_MS = 1_000;
/** An acknowledgement may be on its way for so long. */
const LATER_MS = 1_000;

/**
 * Without waiting for replicas a store may forget what it acknowledged, but only around a fault: shortly before it, which
 * no replica had yet; or during it, when the old primary came back and took writes until it was told to follow. A fault is
 * over when all servers follow one another again.
 *
 * @param {Pick<import('./judge.js').Evidence, 'history'>} evidence
 * @param {readonly number[]} lostAtMs when it was acknowledged, by the world's clock
 * @returns {import('./judge.js').Finding}
 */
export function lossesExplained({ history: { notes } }, lostAtMs) {
  const faults = notes.filter(({ what }) => what === 'store');
  let [during, lagMs] = [0, 0];
  const violations = [];
  for (const atMs of lostAtMs) {
    const meanwhile = faults.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs <= untilMs + LATER_MS);
    const earlierMs = Math.min(...faults.map(({ fromMs }) => (fromMs >= atMs ? fromMs - atMs : Infinity)));
    if (meanwhile) during += 1;
    else if (earlierMs <= LAG_MS) lagMs = Math.max(lagMs, earlierMs);
    else violations.push(`acknowledged at ${new Date(atMs).toISOString()}, when nothing was wrong, and lost`);
  }
  const before = lostAtMs.length - during - violations.length;
  const words = `${before} lost of before a fault, at most ${lagMs} ms; ${during} of during one`;
  return { checked: lostAtMs.length, violations, words };
}
