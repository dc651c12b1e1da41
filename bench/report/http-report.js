import { ratiosByRound, spreadOf } from '../statistics.js';
import { formatNumber, formatSpread, formatTable } from './table.js';

/** Whom the product is compared with, and why that one counts. */
const RIVALS = {
  published: 'quickstart',
  repaired: 'quickstart repaired',
  bare: 'bare',
};

/**
 * The product's throughput as a multiple of its rivals', round by round.
 *
 * @param {Record<string, { perSecond: number, serverMicroseconds: number | null }[]>} throughput
 * @param {'warm' | 'cold'} temperature
 * @param {keyof typeof RIVALS} rival
 */
export function throughputRatio(throughput, temperature, rival) {
  return ratiosByRound(
    pick(throughput[`mau-guard ${temperature}`], 'perSecond'),
    pick(throughput[nameOf(rival, temperature)], 'perSecond'),
  );
}

/**
 * The same by server CPU for a request: how much less the product takes. Steadier than throughput on a busy machine.
 */
function cpuRatio(throughput, temperature, rival) {
  const ours = pick(throughput[`mau-guard ${temperature}`], 'serverMicroseconds');
  const theirs = pick(throughput[nameOf(rival, temperature)], 'serverMicroseconds');
  return [...ours, ...theirs].includes(null) ? null : ratiosByRound(theirs, ours);
}

/**
 * The product's 99th percentile as a multiple of the published quickstart's.
 *
 * @param {Record<string, { p99: number }[]>} latency
 * @param {'warm' | 'cold'} temperature
 */
export function latencyRatio(latency, temperature) {
  return ratiosByRound(pick(latency[`mau-guard ${temperature}`], 'p99'), pick(latency.quickstart, 'p99'));
}

function nameOf(rival, temperature) {
  return rival === 'bare' ? `bare ${temperature}` : RIVALS[rival];
}

function pick(rows, field) {
  return rows.map((row) => row[field]);
}

/**
 * @param {Awaited<ReturnType<typeof import('../http/http-part.js').runHttpPart>>} http
 * @returns {string[]}
 */
export function reportHttp({ connections, latencyRate, loadCeiling, throughput, latency, others }) {
  const ceiling = formatNumber(loadCeiling.perSecond);
  return [
    `HTTP, closed loop, ${connections} connections; min / median / max of rounds`,
    '',
    ...formatTable(
      ['server', 'requests/s', 'server CPU, µs', 'Redis CPU, µs', 'load generator busy'],
      [...Object.entries(throughput), ...namedOthers(others)].map(([name, rows]) =>
        throughputRow(name, rows),
      ),
    ),
    '',
    `The load generator alone, against a server that does nothing: ${ceiling} requests/s.`,
    '',
    ...formatTable(
      ['mau-guard compared', 'requests/s, times', 'CPU a request, times less'],
      ratioRows(throughput),
    ),
    '',
    `HTTP, open loop, ${latencyRate} requests/s; ms from when a request was due`,
    '',
    ...formatTable(
      ['server', 'p50', 'p99', 'p99.9'],
      Object.entries(latency).map(([name, rows]) => [
        name,
        ...['p50', 'p99', 'p999'].map((field) => formatSpread(spreadOf(pick(rows, field)))),
      ]),
    ),
    '',
    ...['warm', 'cold'].map((temperature) => {
      const ratio = formatSpread(latencyRatio(latency, temperature));
      return `p99 of mau-guard ${temperature} as a share of the published quickstart's: ${ratio}`;
    }),
  ];
}

function namedOthers({ newcomers, reused }) {
  return [
    ['mau-guard warm, people new to the month', newcomers],
    ['mau-guard warm, the last token again', reused],
  ];
}

function throughputRow(name, rows) {
  const fields = ['perSecond', 'serverMicroseconds', 'redisMicroseconds', 'loadShare'];
  return [name, ...fields.map((field) => formatSpread(spreadOf(pick(rows, field))))];
}

function ratioRows(throughput) {
  return ['warm', 'cold'].flatMap((temperature) =>
    Object.keys(RIVALS).map((rival) => [
      `${temperature}, to ${rival === 'bare' ? 'the same on bare node:http' : `the ${rival} quickstart`}`,
      formatSpread(throughputRatio(throughput, temperature, rival)),
      formatSpread(cpuRatio(throughput, temperature, rival)),
    ]),
  );
}
