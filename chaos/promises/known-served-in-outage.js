import { monthsNeeded } from './counted-served.js';
import { createAwayCheck } from './store-away.js';

/** A gateway waits so long for its journal's disk, and then says that it cannot keep a promise. */
const JOURNAL_DEADLINE_MS = 2_000;
/** A write that was not answered may be carried out so much later. */
const LATE_MS = 15_000;

/**
 * Whoever got a token from a process this month gets one from the same process while the store is away: each has a
 * journal. Whoever was blocked or linked since then is asked of the store anew, and
 * a disk that is too slow is an honest 503.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function knownServedInOutage({ history }) {
  const changes = changesOf(history);
  const turnedAway = history.turned
    .filter(({ code, identity }) => identity !== null && code === 'ledger-unavailable')
    .filter((turned) => monthsNeeded(turned).every((month) => turned.servedHere.includes(month)))
    .filter(({ who, identity, servedHereMs, answeredMs }) => {
      const about = [...(changes.get(who) ?? []), ...(changes.get(identity) ?? [])];
      return !about.some(({ fromMs, untilMs }) => fromMs <= answeredMs && untilMs >= servedHereMs);
    })
    .map(({ who, identity, gateway, incarnation, sentMs, tookMs }) => {
      const where = `gateway ${gateway}.${incarnation} at ${new Date(sentMs).toISOString()}`;
      return { tookMs, words: `${who} (${identity}) had a token of ${where} and was turned away` };
    });
  const [slow, wrong] = [true, false].map((isSlow) =>
    turnedAway.filter(({ tookMs }) => tookMs >= JOURNAL_DEADLINE_MS === isSlow).map(({ words }) => words),
  );
  const served = history.tokens.filter(createAwayCheck(history)).length;
  return { checked: served + turnedAway.length, violations: wrong, excused: slow };
}

/** Blocks and links, by who or whose identity they are about. */
function changesOf({ writes, links }) {
  const changes = new Map();
  const add = (whom, { sentMs, answeredMs }) => {
    const change = { fromMs: sentMs, untilMs: Number.isFinite(answeredMs) ? answeredMs : sentMs + LATE_MS };
    changes.set(whom, [...(changes.get(whom) ?? []), change]);
  };
  for (const write of writes) if (write.write === 'block') add(write.value.identity, write);
  for (const link of links) {
    add(`p${link.person}`, link);
    add(link.guest, link);
  }
  return changes;
}
