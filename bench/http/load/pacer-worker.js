/*
 * Says when it is time for the next request, from a thread of its own that sleeps in between. Timers of the event loop
 * are no finer than a millisecond, and spinning would take the core away from Redis, which shares it.
 */
import { parentPort, workerData } from 'node:worker_threads';

const { startsAtNs, intervalNs, count } = workerData;
const never = new Int32Array(new SharedArrayBuffer(4));

for (let n = 0; n < count; n++) {
  const dueAtNs = startsAtNs + BigInt(n) * intervalNs;
  const waitMs = Number(dueAtNs - process.hrtime.bigint()) / 1e6;
  if (waitMs > 0) Atomics.wait(never, 0, 0, waitMs);
  parentPort.postMessage(n);
}
