import { formatNumber, formatSpread, formatTable } from './table.js';

const KIBIBYTE = 1024;

/**
 * @param {Awaited<ReturnType<typeof import('../events/events-part.js').runEventsPart>>} events
 * @returns {string[]}
 */
export function reportEvents({ rate, seconds, outageSeconds, runs, month }) {
  const { identities, rules, summaryMs, scanSeconds, filling } = month;
  const percentiles = ({ p50, p99, p999, worst }) => [p50, p99, p999, worst].map(formatNumber).join(' / ');
  const rows = {
    'accepted a second': ({ perSecond }) => formatNumber(perSecond),
    'accepted, of those sent': ({ accepted, sent }) => `${formatNumber(accepted)} of ${formatNumber(sent)}`,
    'acknowledged and lost, by the model': ({ lost }) => formatNumber(lost),
    'in the ledger and never sent': ({ invented }) => formatNumber(invented),
    'identities / conversations counted': (run) =>
      `${formatNumber(run.identities)} / ${formatNumber(run.conversations)}`,
    'answers before the outage, ms: p50 / p99 / p99.9 / worst': ({ answers }) => percentiles(answers.calm),
    'all answers, ms: p50 / p99 / p99.9 / worst': ({ answers }) => percentiles(answers.all),
    'Redis CPU a webhook before the outage, µs': ({ steady }) => formatNumber(steady.redisMicroseconds),
    'gateway CPU a webhook before the outage, µs': ({ steady }) => formatNumber(steady.gatewayMicroseconds),
    'journal at its largest, KiB': ({ journalBytes }) => formatNumber(journalBytes / KIBIBYTE),
    'journal empty so long after the last answer, s': ({ drainSeconds }) => formatNumber(drainSeconds),
  };
  return [
    `Webhooks over HTTP, ${formatNumber(rate)} a second for ${seconds} s; Redis away for ${outageSeconds} s in the middle`,
    '',
    ...formatTable(
      ['', ...Object.keys(runs)],
      Object.entries(rows).map(([name, figure]) => [name, ...Object.values(runs).map(figure)]),
    ),
    '',
    `A month of ${formatNumber(identities)} people with random signals, counted by class and by ${rules} rules:`,
    `${formatSpread(summaryMs)} ms from the totals, ${formatNumber(scanSeconds)} s by a scan, the same counts;`,
    `filled with ${formatNumber(filling.perSecond)} signals/s, ${formatNumber(filling.redisMicroseconds)} µs of Redis each`,
  ];
}
