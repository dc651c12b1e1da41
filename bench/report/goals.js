import { ONE_WORD } from '../dashboard/serve-one-word.js';
import { median } from '../statistics.js';
import { longestOf } from './export-report.js';
import { latencyRatio, throughputRatio } from './http-report.js';
import { formatNumber, formatTable } from './table.js';

const MEBIBYTE = 2 ** 20;
const NEARLY = 0.99;

/**
 * A goal and what a run says of it.
 *
 * @typedef {object} Goal
 * @property {string} name
 * @property {'at least' | 'at most'} sense
 * @property {number} target
 * @property {number | null} value null when it could not be measured here
 * @property {'met' | 'missed' | 'not measured'} verdict
 */

const atLeast = (target, name, value) => judge('at least', target, name, value);
/**
 * A goal that is met by no more than its target.
 *
 * @param {number} target
 * @param {string} name
 * @param {number | null | undefined} value
 */
export const atMost = (target, name, value) => judge('at most', target, name, value);

/** @returns {Goal} */
function judge(sense, target, name, value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return { name, sense, target, value: null, verdict: 'not measured' };
  }
  const met = sense === 'at least' ? value >= target : value <= target;
  return { name, sense, target, value, verdict: met ? 'met' : 'missed' };
}

/**
 * The goals of the parts that ran. Those over HTTP were set on Node 20, where the published peer is slowest and
 * Express dearest.
 *
 * @param {object} results by part
 * @returns {Goal[]}
 */
export function judgeGoals({ http, ledger, export: exported, dashboard, embedded, events }) {
  return [
    ...(http ? httpGoals(http) : []),
    ...(ledger ? ledgerGoals(ledger) : []),
    ...(exported ? exportGoals(exported) : []),
    ...(dashboard ? dashboardGoals(dashboard) : []),
    ...(embedded ? embeddedGoals(embedded) : []),
    ...(events ? eventGoals(events) : []),
  ];
}

function httpGoals({ throughput, latency }) {
  const times = (temperature, rival) => throughputRatio(throughput, temperature, rival)?.median;
  return [
    atLeast(9, 'requests/s, warm, times the published quickstart', times('warm', 'published')),
    atLeast(4.5, 'requests/s, cold, times the published quickstart', times('cold', 'published')),
    atLeast(2.2, 'requests/s, warm, times the repaired quickstart', times('warm', 'repaired')),
    atLeast(1.2, 'requests/s, cold, times the repaired quickstart', times('cold', 'repaired')),
    atLeast(0.75, 'requests/s, warm, times bare node:http', times('warm', 'bare')),
    atMost(
      0.5,
      'p99 at the fixed rate, warm, times the published quickstart',
      latencyRatio(latency, 'warm')?.median,
    ),
  ];
}

function ledgerGoals({ mixes, stores }) {
  const store = stores['appendonly no'];
  const cost = (name) =>
    median(mixes[`appendonly no: ${name}`].map(({ redisMicroseconds }) => redisMicroseconds));
  const worst = Math.max(...Object.values(stores).map(({ longest }) => longest.milliseconds));
  return [
    atMost(8.5, 'Redis CPU a mint, 8 a call, µs', cost('90 % known, 5 % reuse, 5 % new; 8 a call')),
    atMost(6.5, 'Redis CPU a mint, 64 a call, µs', cost('90 % known, 5 % reuse, 5 % new; 64 a call')),
    atMost(72, 'bytes of Redis an identity, one signal', store.memory.bytesPerIdentity),
    atMost(4, 'bytes of Redis a further signal', store.furtherSignal.bytesPerFurtherSignal),
    atMost(64, 'longest record, bytes', store.afterwards.longestRecordBytes),
    atMost(50, 'summary of the month from the ledger, ms', store.summaryMs.median),
    atMost(10, 'longest Redis call under mints, ms', worst),
  ];
}

function exportGoals({ figures, command }) {
  const rows = Object.values(figures).flat();
  const slowest = (figure) => Math.max(...Object.values(figures).map((each) => median(each.map(figure))));
  const growth = rows.some(({ growthBytes }) => growthBytes === null)
    ? null
    : slowest(({ growthBytes }) => growthBytes / MEBIBYTE);
  return [
    atMost(
      5,
      'export of the month, slower format, s',
      slowest(({ seconds }) => seconds),
    ),
    atMost(8, 'export of the month by the command, s', median(command.map(({ seconds }) => seconds))),
    atMost(64, 'memory growth during an export, MiB', growth),
    atMost(10, 'longest Redis call under an export, ms', longestOf(rows).milliseconds),
    atMost(
      50,
      'summary of the month over HTTP, ms',
      slowest(({ summaryMs }) => summaryMs.median),
    ),
  ];
}

function dashboardGoals({ looks, scripts }) {
  const { [ONE_WORD]: _browser, ...ours } = looks ?? {};
  const pages = Object.values(ours);
  const worst = (figure) => (pages.length === 0 ? null : Math.max(...pages.map(figure)));
  return [
    atMost(
      300,
      'first paint, slowest page, first visit, ms',
      worst(({ first }) => median(first.map(({ paintMs }) => paintMs))),
    ),
    atMost(
      300,
      'first paint, slowest page, warm, ms',
      worst(({ warm }) => median(warm.map(({ paintMs }) => paintMs))),
    ),
    atMost(
      20,
      'largest page, kB of HTML',
      worst(({ first }) => Math.max(...first.map(({ htmlBytes }) => htmlBytes)) / 1000),
    ),
    atMost(40, 'all scripts of the dashboard, kB, gzip', scripts && scripts.gzipBytes / 1000),
  ];
}

function embeddedGoals({ mixes }) {
  const [ordinary] = Object.values(mixes);
  return [
    atLeast(
      10_000,
      'durable mints/s of the embedded ledger',
      median(ordinary.map(({ perSecond }) => perSecond)),
    ),
  ];
}

function eventGoals({ rate, runs, month }) {
  const all = Object.values(runs);
  const redisCost = (wanted) =>
    median(all.filter(({ durable }) => durable === wanted).map(({ steady }) => steady.redisMicroseconds));
  return [
    // Sent at exactly that rate, the last answer alone makes it a little less.
    atLeast(
      NEARLY * rate,
      'webhooks accepted a second, slowest run',
      Math.min(...all.map(({ perSecond }) => perSecond)),
    ),
    atMost(10, 'Redis CPU a webhook, appendonly no, µs', redisCost(false)),
    atMost(10, 'Redis CPU a webhook, appendfsync always, µs', redisCost(true)),
    atMost(0, 'acknowledged webhooks that were lost', Math.max(...all.map(({ lost }) => lost))),
    atMost(50, 'counts of a month by any rule, ms', month.summaryMs.median),
  ];
}

/**
 * @param {readonly Goal[]} goals
 * @param {string} [title]
 * @returns {string[]}
 */
export function reportGoals(goals, title = 'Goals (median of rounds; longest calls: the worst)') {
  return [
    title,
    '',
    ...formatTable(
      ['goal', 'target', 'measured', ''],
      goals.map(({ name, sense, target, value, verdict }) => [
        name,
        `${sense} ${formatNumber(target)}`,
        formatNumber(value),
        verdict,
      ]),
    ),
  ];
}
