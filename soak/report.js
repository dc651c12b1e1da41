import { formatNumber, formatTable } from '../bench/report/table.js';
import { comparedSamples } from './judge.js';
import { commandOf } from './options.js';

const MEBIBYTE = 2 ** 20;

/**
 * A row a minute, what was answered, and the verdict.
 *
 * @param {import('./run-soak.js').Soak} soak
 * @param {readonly string[]} violations
 */
export function reportSoak({ options, samples, answers, streams }, violations) {
  const head = [
    'minute',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'worst ms',
    'heap MiB',
    'RSS MiB',
    'handles',
    'loop p99 ms',
    'loop worst ms',
  ];
  const rows = samples.map((sample) => [
    String(sample.minute),
    ...[sample.requests / sample.seconds, sample.p50, sample.p99, sample.worst].map(formatNumber),
    (sample.heapUsed / MEBIBYTE).toFixed(2),
    ...[sample.rss / MEBIBYTE, sample.handles, sample.loopP99Ms, sample.loopMaxMs].map(formatNumber),
  ]);
  const answered = Object.entries(answers).flatMap(([kind, byAnswer]) =>
    Object.entries(byAnswer).map(([answer, times]) => [`${kind}: ${answer}`, formatNumber(times)]),
  );
  const [early, late] = comparedSamples(samples);
  const growth = ((late.heapUsed - early.heapUsed) / MEBIBYTE).toFixed(2);
  return [
    `soak: ${options.minutes} minutes at ${options.rate} requests a second, one gateway on one Redis, seed ${options.seed}`,
    '',
    ...formatTable(head, rows),
    '',
    ...formatTable(['answers', ''], [...answered, ['event streams opened', formatNumber(streams.opened)]]),
    '',
    `heap from minute ${early.minute} to ${late.minute}: ${growth} MiB`,
    violations.length === 0 ? 'PASS' : ['FAIL', ...violations.map((words) => `  - ${words}`)].join('\n'),
    '',
    `again: ${commandOf(options)}`,
    '',
  ].join('\n');
}
