import { monthOf, monthsBetween } from '../months.js';

const SKEW_MS = 1_000;
/** A token of somebody asks for every month between so long before and so long after the request. */
const BEFORE_MS = 5_000 + SKEW_MS;
const AFTER_MS = 305_000 + SKEW_MS;

/** Refusals that no counted person may get. */
const OF_NEWCOMERS = [
  'mau-budget-exhausted',
  'new-identities-frozen',
  'lazy-connect-required',
  'no-reason-to-connect',
];

/**
 * Whoever is in every month that their token needs, by what was acknowledged before they asked, is not refused as a
 * newcomer.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function countedServed({ history }) {
  const violations = history.turned
    .filter(({ code, identity }) => identity !== null && OF_NEWCOMERS.includes(code))
    .filter((turned) => monthsRefused(turned).every((month) => turned.counted.includes(month)))
    .map(({ who, identity, code, gateway, incarnation, sentMs, body }) => {
      const where = `gateway ${gateway}.${incarnation} at ${new Date(sentMs).toISOString()}`;
      return `${who} (${identity}) is counted and was refused ${code} by ${where}: ${JSON.stringify(body)}`;
    });
  return { checked: history.tokens.length + history.turned.length, violations };
}

/** The month that a refusal is about, where it says so; else all that the token may have needed. */
function monthsRefused({ body, sentMs, answeredMs }) {
  if (body?.resetsAt !== undefined) return [monthOf(Date.parse(body.resetsAt) - 1)];
  return monthsNeeded({ sentMs, answeredMs });
}

/** @param {{ sentMs: number, answeredMs: number }} request */
export function monthsNeeded({ sentMs, answeredMs }) {
  return monthsBetween(sentMs - BEFORE_MS, answeredMs + AFTER_MS);
}
