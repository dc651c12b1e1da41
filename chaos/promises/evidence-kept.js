import { monthOf } from '../months.js';

/** Signals that come with a mint. */
const OF_MINTS = ['minted'];

/**
 * What was acknowledged stands in the month that it happened in, and nothing stands there that nobody told.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function evidenceKept({ history, books }) {
  /** @type {Map<string, Set<string>>} */
  const told = new Map();
  const found = new Map();
  const [violations, lostAtMs] = [[], []];
  for (const { month, identities } of books.months) {
    for (const { identity, signals } of identities) found.set(`${month} ${identity}`, new Set(signals));
  }
  const firstTold = firstAcknowledged(history.evidence);
  let checked = 0;
  for (const { identity, signals, atMs, acknowledged, answeredMs } of history.evidence) {
    const key = `${monthOf(atMs)} ${identity}`;
    const all = told.get(key) ?? new Set();
    told.set(key, all);
    for (const signal of signals) all.add(signal);
    if (!acknowledged) continue;
    checked += 1;
    const lost = signals.filter((signal) => !found.get(key)?.has(signal));
    if (lost.length === 0) continue;
    violations.push(`${key}: ${lost.join(', ')} lost, acknowledged at ${new Date(answeredMs).toISOString()}`);
    // Who tells the same again is acknowledged from a gateway's memory: what was lost is what came first.
    lostAtMs.push(Math.min(...lost.map((signal) => firstTold.get(`${key} ${signal}`) ?? answeredMs)));
  }
  for (const [key, signals] of found) {
    const invented = [...signals].filter(
      (signal) => !OF_MINTS.includes(signal) && !told.get(key)?.has(signal),
    );
    if (invented.length > 0) violations.push(`${key}: nobody told of ${invented.join(', ')}`);
  }
  return { checked, violations, lostAtMs };
}

/** When each signal of somebody in a month was first acknowledged. */
function firstAcknowledged(evidence) {
  const first = new Map();
  for (const { identity, signals, atMs, acknowledged, answeredMs } of evidence) {
    if (!acknowledged) continue;
    for (const signal of signals) {
      const name = `${monthOf(atMs)} ${identity} ${signal}`;
      first.set(name, Math.min(first.get(name) ?? Number.POSITIVE_INFINITY, answeredMs));
    }
  }
  return first;
}
