import { scopesOf } from './budgets.js';

/** Answers that a race may give at all; everything else is a fault of somebody. */
const PROPER = ['minted', 'reused', 'mau-budget-exhausted'];

/** Percent of a limit at which an alert is due, as shipped. */
const THRESHOLDS = 4;

/**
 * What a race showed.
 *
 * @typedef {object} Race
 * @property {string} title
 * @property {number} people
 * @property {import('./budgets.js').BudgetEntry} budget
 * @property {number} requests
 * @property {number} seconds of the wave
 * @property {import('./tally.js').Tally} tally
 * @property {{ counted: number, countedServed: number, others: number, othersRefused: number }} again
 * @property {import('./read-books.js').Books} books
 */

/**
 * Everything in which a race broke the rules; empty when it held.
 *
 * @param {Race} race
 * @returns {string[]}
 */
export function judgeRace(race) {
  return [
    ...judgeAnswers(race),
    ...judgeBooks(race),
    ...judgeLimits(race),
    ...judgeAlerts(race.books.alerts),
  ];
}

function judgeAnswers({ tally, again, budget: { identities } }) {
  const { answers, served, doubled, countedRefused, mistaken } = tally;
  const violations = [];
  for (const [answer, times] of Object.entries(answers)) {
    if (!PROPER.includes(answer)) violations.push(`answered "${answer}" ${times} times`);
  }
  if (served !== identities) violations.push(`${served} people got a token, of ${identities} places`);
  if (countedRefused > 0) violations.push(`people already counted were refused ${countedRefused} times`);
  if (doubled > 0)
    violations.push(`${doubled} answers with an identity that is another one's, or a second one`);
  if (mistaken > 0) violations.push(`${mistaken} refusals name a limit that is not reached`);
  if (again.countedServed < again.counted) {
    violations.push(`afterwards ${again.counted - again.countedServed} of the counted were not served`);
  }
  if (again.othersRefused < again.others) {
    violations.push(`afterwards ${again.others - again.othersRefused} of the others were not refused`);
  }
  return violations;
}

/** The ledger's own books against what was seen from outside. */
function judgeBooks({ tally, books, budget: { identities } }) {
  const violations = [];
  const same = (what, found, expected) => {
    if (found !== expected) violations.push(`${what}: ${found} instead of ${expected}`);
  };
  const { minted = 0, reused = 0, 'mau-budget-exhausted': refused = 0 } = tally.answers;
  same('identities by the summary', books.total, identities);
  same('identities by the listing', books.listed.length, identities);
  same('different identities in the listing', new Set(books.listed).size, identities);
  const listed = new Set(books.listed);
  same(
    'people served but not listed',
    tally.identities.filter((identity) => !listed.has(identity)).length,
    0,
  );
  same('mints by the summary', books.minted, minted);
  same('rows of the mint log', books.mintRows, minted);
  same('reuses by the summary', books.reused, reused);
  same('refusals by the summary', books.refused, refused);
  return violations;
}

function judgeLimits({ tally, books, budget }) {
  const violations = [];
  for (const [scope, limit] of scopesOf(budget)) {
    const counted = countOf(books, scope);
    if (counted > limit) violations.push(`${scope}: ${counted} identities over a limit of ${limit}`);
    const refusals = tally.refusedBy[scope] ?? 0;
    if (refusals > 0 && counted < limit) {
      violations.push(`${scope}: refused ${refusals} times with ${counted} of ${limit} places taken`);
    }
  }
  for (const [className, places] of Object.entries(budget.reserve)) {
    const counted = books.byClass[className] ?? 0;
    if (counted < places) violations.push(`class ${className}: ${counted} of ${places} places kept for it`);
  }
  return violations;
}

/**
 * At most one alert for each threshold of a budget.
 *
 * @param {import('./read-books.js').Books['alerts']} alerts
 * @returns {string[]}
 */
export function judgeAlerts(alerts) {
  const names = alerts.map(
    ({ budget, threshold, state }) =>
      `${budget} at ${threshold} % ${state === 'recovered' ? 'left' : 'reached'}`,
  );
  const violations = [...new Set(names)].flatMap((name) => {
    const times = names.filter((other) => other === name).length;
    return times > 1 ? [`alert "${name}" fired ${times} times`] : [];
  });
  const ofAll = alerts.filter(({ budget }) => budget === 'all').length;
  if (ofAll !== THRESHOLDS) violations.push(`${ofAll} alerts of the whole budget instead of ${THRESHOLDS}`);
  return violations;
}

/**
 * Identities that count against a limit.
 *
 * @param {import('./read-books.js').Books} books
 * @param {string} scope
 */
export function countOf({ total, byClass, byTenant }, scope) {
  if (scope === 'all') return total;
  const name = scope.slice(scope.indexOf(':') + 1);
  return (scope.startsWith('class:') ? byClass[name] : byTenant[name]) ?? 0;
}
