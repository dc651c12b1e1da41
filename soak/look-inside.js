import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into the gateway before anything else (`node --expose-gc --import`): tells how it is when it is asked. Nothing
 * of this is in the product. It ends with the run that started it.
 */
const RESOLUTION_MS = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

const milliseconds = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);

process.on('message', (message) => {
  if (message !== 'how are you') return;
  const loop = { loopP99Ms: milliseconds(delay.percentile(99)), loopMaxMs: milliseconds(delay.max) };
  // Twice: what the first one finalises, the second one frees.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, rss, external } = process.memoryUsage();
  process.send({ heapUsed, rss, external, handles: process.getActiveResourcesInfo().length, ...loop });
  // The collections above are no delay of the gateway's own.
  setImmediate(() => delay.reset());
});
process.on('disconnect', () => process.exit());
process.channel?.unref();
