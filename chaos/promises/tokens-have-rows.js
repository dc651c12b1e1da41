import { monthsOf } from '../actions/ask-token.js';
import { monthOf } from '../months.js';

/**
 * Every token that a client got has a row of its own in the mint log, and its holder is counted in every month that it
 * may be used in.
 *
 * A gateway that hears nothing of its ledger gives a token that is named by its journal; when the ledger had counted the
 * mint all the same, the row stands for that one and for its twin that the ledger names, alike but for the name.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function tokensHaveRows({ history, books }) {
  /** @type {Map<string, number>} */
  const rows = new Map();
  const sets = new Map();
  for (const { month, mints, identities } of books.months) {
    sets.set(month, new Set(identities.map(({ identity }) => identity)));
    for (const { identity, at, expiresAt } of mints) {
      const key = keyOf(identity, Date.parse(at), Date.parse(expiresAt));
      rows.set(key, (rows.get(key) ?? 0) + 1);
    }
  }
  const [violations, lostAtMs] = [[], []];
  const [byLedger, byJournal] = [new Map(), new Map()];
  const different = new Map();
  for (const token of history.tokens) if (!different.has(token.token)) different.set(token.token, token);
  for (const token of different.values()) {
    const { who, identity, iat, exp, gateway, incarnation } = token;
    const key = keyOf(identity, iat * 1000, exp * 1000);
    const taken = isNamedByJournal(token) ? byJournal : byLedger;
    const left = (rows.get(key) ?? 0) - (taken.get(key) ?? 0);
    taken.set(key, (taken.get(key) ?? 0) + 1);
    const from = `gateway ${gateway}.${incarnation} at ${new Date(iat * 1000).toISOString()}`;
    if (left < 1) {
      violations.push(`no row in ${monthOf(iat * 1000)} for a token of ${who} (${identity}) by ${from}`);
      lostAtMs.push(token.answeredMs);
    }
    for (const month of monthsOf(token)) {
      if (sets.get(month)?.has(identity)) continue;
      violations.push(`${who} (${identity}) has a token for ${month} by ${from} and is not counted there`);
    }
  }
  return { checked: different.size, violations, lostAtMs };
}

/** `<key>-<instant>-<ordinal>`, or the place in a journal instead of the ordinal. */
function isNamedByJournal({ jti }) {
  return jti.split('-').at(-1).startsWith('j');
}

function keyOf(identity, atMs, expiresMs) {
  return `${identity} ${atMs} ${expiresMs}`;
}
