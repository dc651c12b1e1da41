import { formatNumber, formatTable } from '../bench/report/table.js';
import { scopesOf } from './budgets.js';
import { countOf } from './judge.js';
import { growthOf } from './run-storm.js';

/**
 * A race in figures, and its verdict.
 *
 * @param {import('./judge.js').Race} race
 * @param {readonly string[]} violations
 */
export function reportRace(race, violations) {
  const { title, people, requests, seconds, tally, again, books } = race;
  const { answers, countedRefused } = tally;
  const rows = [
    ['different people', people],
    ['requests, with people who came back', requests],
    ['seconds', seconds],
    ['requests a second', requests / seconds],
    ['people who got a token', tally.served],
    ['identities by the month summary', books.total],
    ['identities by the listing, each once', new Set(books.listed).size],
    ['answers 200: minted', answers.minted ?? 0],
    ['answers 200: reused', answers.reused ?? 0],
    ...Object.entries(answers)
      .filter(([answer]) => answer !== 'minted' && answer !== 'reused')
      .map(([answer, times]) => [`refused: ${answer}`, times]),
    ['refusals of people already counted', countedRefused],
    [`served afterwards, of ${again.counted} requests of the counted`, again.countedServed],
    [`refused afterwards, of ${again.others} requests of the others`, again.othersRefused],
    ['alerts fired', books.alerts.length],
  ];
  const lines = [
    title,
    '',
    ...formatTable(
      ['', ''],
      rows.map(([name, value]) => [name, formatNumber(value)]),
    ).slice(2),
  ];
  const scopes = scopesOf(race.budget);
  if (scopes.length > 1) lines.push('', ...formatScopes(race, scopes));
  return [...lines, '', formatVerdict(title, violations, tally.samples), ''].join('\n');
}

function formatScopes({ budget, tally, books }, scopes) {
  const rows = scopes.map(([scope, limit]) => [
    scope,
    formatNumber(limit),
    formatNumber(countOf(books, scope)),
    formatNumber(tally.refusedBy[scope] ?? 0),
  ]);
  const kept = Object.entries(budget.reserve).map(([name, places]) => [
    `kept for ${name}`,
    formatNumber(places),
    formatNumber(books.byClass[name] ?? 0),
    '',
  ]);
  return formatTable(['budget', 'places', 'counted', 'refusals that name it'], [...rows, ...kept]);
}

/**
 * @param {import('./run-storm.js').Storm} storm
 * @param {readonly string[]} violations
 */
export function reportStorm(storm, violations) {
  const { seconds, requests, strangers, alerts, memoryBefore, memoryAfter } = storm;
  const mebibytes = (bytes) => (bytes === null ? null : bytes / 2 ** 20);
  const rows = [
    ['seconds', seconds],
    ['refusals', strangers],
    ['refusals a second', requests / seconds],
    ['alerts fired', alerts.length],
    ['memory of the gateway before, MiB', mebibytes(memoryBefore)],
    ['growth, MiB', mebibytes(growthOf({ memoryBefore, memoryAfter }))],
  ];
  const table = formatTable(
    ['', ''],
    rows.map(([name, value]) => [name, formatNumber(value)]),
  ).slice(2);
  const title = 'a storm of refusals, one gateway';
  return [title, '', ...table, '', formatVerdict(title, violations, []), ''].join('\n');
}

function formatVerdict(title, violations, samples) {
  if (violations.length === 0) return `HELD: ${title}`;
  return [
    `BROKEN: ${title}`,
    ...violations.map((words) => `  - ${words}`),
    ...samples.map((words) => `    ${words}`),
  ].join('\n');
}
