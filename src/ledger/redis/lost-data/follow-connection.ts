import { Cluster } from 'ioredis';
import type { LedgerClient } from '../scripts.ts';
import type { WatchTimes } from './ports.ts';
import type { LostDataWatch } from './watch.ts';

/** Of a look's distance, so that many gateways do not look at once. */
const JITTER = 0.2;
/** While newcomers wait, so many looks are taken in the time of one, but no more than one a ms and process. */
const HURRY = 10;

/**
 * Looks at the store once in a while, whenever the connection came back, and often while newcomers wait for what a look
 * may find. Ends with `stop`.
 */
export function followConnection(client: LedgerClient, watch: LostDataWatch, times: WatchTimes) {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isDueAt = performance.now() + times.lookMs;

  function lookLater(): void {
    if (isStopped) return;
    timer = setTimeout(
      () => void look().finally(lookLater),
      Math.max(times.lookMs / HURRY, watch.waiting().length),
    );
    timer.unref();
  }

  async function look(): Promise<void> {
    if (client.status !== 'ready') return;
    if (performance.now() < isDueAt) return watch.look(watch.waiting());
    isDueAt = performance.now() + times.lookMs * (1 + JITTER * (2 * Math.random() - 1));
    await watch.look();
  }

  function meetServer(): void {
    watch.connected();
    void watch.look();
  }

  if (client instanceof Cluster) {
    let isMapped = false;
    // Not those of the first map: it takes the place of the nodes that were configured.
    client.on('-node', () => {
      if (isMapped) meetServer();
    });
    client.on('ready', () => {
      isMapped = true;
      meetServer();
    });
  } else {
    client.on('ready', meetServer);
  }
  lookLater();
  return {
    stop(): void {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
