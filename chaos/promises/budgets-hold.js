import { monthOf } from '../months.js';
import { createLimits } from './limits-in-force.js';

/** Clocks of gateways are off by less than a second, and the log knows whole seconds. */
const EARLIER_MS = 2_000;
/** A stopped store may take a step so long after the gateway asked for it. */
const LATER_MS = 12_000;

/**
 * No mint adds an identity to a month while as many are in it as the limit allows. How many were in it at least follows
 * from the order of the log and from evidence that was in the ledger before.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function budgetsHold({ history, books, schedule, people }) {
  const limitMax = createLimits(history.writes, schedule.limit);
  const tenants = tenantsOf(history, people);
  const violations = [];
  let checked = 0;
  for (const { month, mints, identities } of books.months) {
    const classes = new Map(identities.map((row) => [row.identity, row.class]));
    const proven = history.evidence
      .filter(({ acknowledged, atMs }) => acknowledged && monthOf(atMs) === month)
      .sort((one, two) => one.inLedgerMs - two.inLedgerMs);
    const counts = createCounts();
    let told = 0;
    for (const { identity, subject, at, first } of mints) {
      const atMs = Date.parse(at);
      while (told < proven.length && proven[told].inLedgerMs < atMs - EARLIER_MS) {
        counts.add(proven[told].identity, classes.get(proven[told].identity), null);
        told += 1;
      }
      const tenant = tenants.get(subject) ?? null;
      const scopes = [
        'all',
        `class:${classes.get(identity)}`,
        ...(tenant === null ? [] : [`tenant:${tenant}`]),
      ];
      if (first) {
        checked += 1;
        for (const scope of scopes) {
          const limit = limitMax(scope, month, atMs - EARLIER_MS, atMs + LATER_MS);
          const used = counts.of(scope);
          if (used < limit) continue;
          violations.push(
            `${month}: ${identity} admitted at ${at} with ${used} in ${scope}, whose limit was ${limit}`,
          );
        }
      }
      counts.add(identity, classes.get(identity), first ? tenant : null);
    }
  }
  return { checked, violations };
}

function createCounts() {
  const members = new Set();
  const counts = new Map();
  const increment = (scope) => counts.set(scope, (counts.get(scope) ?? 0) + 1);
  return {
    of: (scope) => counts.get(scope) ?? 0,
    add(identity, className, tenant) {
      if (members.has(identity)) return;
      members.add(identity);
      increment('all');
      increment(`class:${className}`);
      if (tenant !== null) increment(`tenant:${tenant}`);
    },
  };
}

/** By own identity, of everybody who may have asked. */
function tenantsOf({ tokens, turned }, people) {
  const numbers = new Set();
  for (const { who } of [...tokens, ...turned]) if (who.startsWith('p')) numbers.add(Number(who.slice(1)));
  return new Map([...numbers].map((n) => [people.personOf(n).identity, people.personOf(n).tenant]));
}
