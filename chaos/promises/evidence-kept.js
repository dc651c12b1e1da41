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
  const found = signalsIn(books);
  const [violations, lostAtMs] = [[], []];
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

/**
 * Whatever a store forgets when another server takes over: evidence is there again as long as the process lives that took it.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function evidenceRemembered({ history, books }) {
  const found = signalsIn(books);
  const remembered = history.evidence.filter(({ outlived }) => outlived);
  const violations = remembered.flatMap(({ identity, signals, atMs, gateway, incarnation, answeredMs }) => {
    const key = `${monthOf(atMs)} ${identity}`;
    const lost = signals.filter((signal) => !found.get(key)?.has(signal));
    if (lost.length === 0) return [];
    const when = new Date(answeredMs).toISOString();
    return [`${key}: ${lost.join(', ')} lost, acknowledged by gateway ${gateway}.${incarnation} at ${when}`];
  });
  return { checked: remembered.length, violations };
}

/**
 * @param {import('./judge.js').Evidence['books']} books
 * @returns {Map<string, Set<string>>} by month and identity
 */
function signalsIn({ months }) {
  const people = months.flatMap(({ month, identities }) => identities.map((one) => ({ month, ...one })));
  return new Map(people.map(({ month, identity, signals }) => [`${month} ${identity}`, new Set(signals)]));
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
