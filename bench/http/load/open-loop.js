import { Worker } from 'node:worker_threads';
import { openConnection } from './connection.js';
import { createTally } from './tally.js';

const LEAD_NS = 50_000_000n;

/**
 * At a fixed rate, whether or not the server keeps up. A latency counts from when its request was due, so that time
 * spent waiting for a free connection, or for us, is not left out.
 *
 * @param {object} options
 * @param {number} options.port
 * @param {number} options.connections
 * @param {number} options.rate requests a second
 * @param {number} options.count
 * @param {number} options.first n of the first request
 * @param {(n: number) => Buffer} options.requestOf
 * @param {{ status: number, mark: string }} options.expected
 * @param {(n: number, answer: import('./connection.js').Answer, milliseconds: number) => void} [options.onAnswered] `n`
 *   counted from 0
 * @returns latencies in ms in rising order, beside the tally
 */
export async function runOpenLoop({
  port,
  connections,
  rate,
  count,
  first,
  requestOf,
  expected,
  onAnswered = () => {},
}) {
  const tally = createTally();
  const latencies = new Float64Array(count);
  const sentOn = new Map();
  const waiting = [];
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });

  const idle = await Promise.all(
    Array.from({ length: connections }, () =>
      openConnection(port, expected, {
        onAnswer(connection, answer) {
          const { n, dueAtNs } = sentOn.get(connection);
          const milliseconds = msSince(dueAtNs);
          latencies[tally.answered] = milliseconds;
          onAnswered(n, answer, milliseconds);
          tally.add(answer);
          if (waiting.length > 0) send(connection, waiting.shift());
          else idle.push(connection);
          if (tally.answered === count) finish();
        },
        onLost(reason) {
          tally.lose(reason);
          finish();
        },
      }),
    ),
  );
  const all = [...idle];

  const startsAtNs = process.hrtime.bigint() + LEAD_NS;
  const intervalNs = BigInt(Math.round(1e9 / rate));
  function send(connection, n) {
    sentOn.set(connection, { n, dueAtNs: startsAtNs + BigInt(n) * intervalNs });
    connection.send(requestOf(first + n));
  }

  const pacer = new Worker(new URL('./pacer-worker.js', import.meta.url), {
    workerData: { startsAtNs, intervalNs, count },
  });
  pacer.on('message', (n) => {
    const connection = idle.pop();
    if (connection === undefined) waiting.push(n);
    else send(connection, n);
  });
  await finished;
  await pacer.terminate();
  for (const connection of all) connection.close();
  const { answered, unexpected, samples } = tally;
  return { answered, unexpected, samples, sent: count, latencies: latencies.subarray(0, answered).sort() };
}

function msSince(dueAtNs) {
  return Number(process.hrtime.bigint() - dueAtNs) / 1e6;
}
