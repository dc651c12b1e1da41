import { atMost } from '../report/goals.js';
import { percentileOf } from '../statistics.js';

const MEBIBYTE = 2 ** 20;
const SERVED = 200;
/** Fewer minutes say nothing of memory. */
const STATES_MIN = 4;
const WITHIN_MS = 300;
/**
 * What is still held after a collection. Nobody new comes, and what is remembered of logins is full in the first minute, so
 * nothing may add up once code is compiled. The mints of five minutes, kept in memory instead of the journal, would be ten
 * MiB.
 */
const LATE_HEAP_GROWTH_MEBIBYTES = 2;
const HEAP_GROWTH_MEBIBYTES = 8;
/**
 * What the machine sees. Between collections the young generation (32 MiB) fills up, and V8 gives back what it does not
 * need when it likes, so single looks differ by some MiB.
 */
const RESIDENT_GROWTH_MEBIBYTES = 16;

/**
 * What a run says of the promises about an outage. How long anything takes, and memory, only where it went on for long.
 *
 * @param {import('./run-outage.js').Outage} outage
 * @returns {import('../report/goals.js').Goal[]}
 */
export function judgeOutage(outage) {
  const { options, known, strangers, tokensWithoutRow, unexplained } = outage;
  const exact = [
    atMost(0, 'known people who were refused', known.filter(({ status }) => status !== SERVED).length),
    atMost(
      0,
      'strangers who were answered otherwise than 503',
      strangers.filter(({ code }) => code !== 'ledger-unavailable').length,
    ),
    atMost(0, 'tokens without a row once Redis is back', tokensWithoutRow),
    atMost(0, 'people counted whom nobody sent', unexplained),
  ];
  if (options.smoke) return exact;
  const { states } = outage;
  const [first, middle, last] = [states[0], states[Math.ceil(states.length / 2) - 1], states.at(-1)];
  const growth = (from, figure) =>
    states.length < STATES_MIN ? null : (last[figure] - from[figure]) / MEBIBYTE;
  return [
    atMost(WITHIN_MS, 'known people, p99 ms', p99(known)),
    atMost(WITHIN_MS, 'strangers, p99 ms', p99(strangers)),
    atMost(LATE_HEAP_GROWTH_MEBIBYTES, 'heap in the second half, MiB more', growth(middle, 'heapUsed')),
    atMost(HEAP_GROWTH_MEBIBYTES, 'heap from minute 1 to the last, MiB more', growth(first, 'heapUsed')),
    atMost(RESIDENT_GROWTH_MEBIBYTES, 'resident from minute 1 to the last, MiB more', growth(first, 'rss')),
    ...exact,
  ];
}

function p99(answers) {
  return percentileOf(Float64Array.from(answers, ({ ms }) => ms).sort(), 99);
}
