import { reportGoals } from '../report/goals.js';
import { formatNumber, formatTable } from '../report/table.js';
import { percentileOf } from '../statistics.js';

const MEBIBYTE = 2 ** 20;
/** Then a gateway's deadlines pass before it comes to look at its disk. */
const STILL_MS = 1_000;

/**
 * @param {import('./run-outage.js').Outage} outage
 * @param {import('../report/goals.js').Goal[]} goals
 * @returns {string} the whole report as text
 */
export function reportOutage({ options, known, strangers, states, ...figures }, goals) {
  const { journalBytes, emptyAfterMs, stoodStillMs, tokens, rows, identities } = figures;
  return [
    `outage: Redis silent for ${options.seconds} s, ${options.rate} requests a second, ${options.people} people known`,
    '',
    ...formatTable(
      ['', 'p50 ms', 'p99 ms', 'slowest ms', 'answers'],
      [rowOf('known people', known), rowOf('strangers', strangers)],
    ),
    '',
    ...(stoodStillMs > STILL_MS ? [wordsOf(stoodStillMs), ''] : []),
    ...(states.length > 0 ? [...formatStates(states), ''] : []),
    ...formatTable(
      ['afterwards', ''],
      [
        ['journal, KiB', formatNumber(journalBytes / 1024)],
        ['it was empty after Redis was back, ms', formatNumber(emptyAfterMs)],
        ['different tokens given out', formatNumber(tokens)],
        // Sent into the silence, and taken by Redis when it was back.
        ['rows of the mint log; more of them: calls that got no answer', formatNumber(rows)],
        ['identities of the month', formatNumber(identities)],
      ],
    ),
    '',
    ...reportGoals(goals, 'Goals'),
    '',
  ].join('\n');
}

function wordsOf(stoodStillMs) {
  return `This machine stood still for ${formatNumber(stoodStillMs)} ms: neither times nor refusals say anything of the gateway.`;
}

function formatStates(states) {
  return formatTable(
    ['minute', 'heap after a collection, MiB', 'resident, MiB'],
    states.map(({ minute, heapUsed, rss }) => [
      String(minute),
      ...[heapUsed, rss].map((bytes) => (bytes / MEBIBYTE).toFixed(1)),
    ]),
  );
}

function rowOf(name, answers) {
  const sorted = Float64Array.from(answers, ({ ms }) => ms).sort();
  const counts = {};
  for (const { code } of answers) counts[code] = (counts[code] ?? 0) + 1;
  const words = Object.entries(counts).map(([code, count]) => `${formatNumber(count)} ${code}`);
  return [
    name,
    ...[50, 99, 100].map((percent) => formatNumber(percentileOf(sorted, percent))),
    words.join(', '),
  ];
}
