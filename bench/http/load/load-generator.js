/*
 * The load generator, a process of its own. It is told the logins first, then one run after the other, and answers
 * each with what it counted.
 */
import { readFileSync } from 'node:fs';
import { percentileOf } from '../../statistics.js';
import { runClosedLoop } from './closed-loop.js';
import { runOpenLoop } from './open-loop.js';
import { createRequestSource } from './requests.js';

const logins = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const requestsFor = createRequestSource(logins);

process.on('message', (job) => {
  run(job).then(
    (result) => process.send({ result }),
    (error) => process.send({ error: error.stack }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send('ready');

async function run({ mode, plan, ...options }) {
  const run = { ...options, first: plan.first, requestOf: requestsFor(plan) };
  if (mode === 'closed') return runClosedLoop(run);
  const { latencies, ...counted } = await runOpenLoop(run);
  const [p50, p99, p999] = [50, 99, 99.9].map((percent) => percentileOf(latencies, percent));
  return { ...counted, p50, p99, p999, worst: latencies.at(-1) };
}
