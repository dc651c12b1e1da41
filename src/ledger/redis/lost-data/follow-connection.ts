import { Cluster } from 'ioredis';
import { parseInfo } from '../connection/parse-info.ts';
import type { LedgerClient } from '../scripts.ts';
import type { WatchTimes } from './ports.ts';
import type { LostDataWatch } from './watch.ts';

/** Of a look's distance, so that many gateways do not look at once. */
const JITTER = 0.2;

/**
 * Looks at the store once in a while and whenever the connection came back. When another server is behind it then, such
 * as after a failover, newcomers wait a little: other gateways may have seen more of the one before. Ends with `stop`.
 */
export function followConnection(client: LedgerClient, watch: LostDataWatch, times: WatchTimes) {
  let server: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function lookLater(): void {
    if (isStopped) return;
    const jitter = 1 + JITTER * (2 * Math.random() - 1);
    timer = setTimeout(() => {
      if (client.status === 'ready') void watch.look().finally(lookLater);
      else lookLater();
    }, times.lookMs * jitter);
    timer.unref();
  }

  /** Until it is known who answers, nobody new is let in: this asks before anybody else can. */
  async function meetServer(): Promise<void> {
    if (server !== undefined) watch.holdNewcomers(times.otherServerMs);
    const before = server;
    server = parseInfo(await client.info('server'))['run_id'];
    if (before === undefined || before === server) watch.holdNewcomers(0);
    await watch.look();
  }

  if (client instanceof Cluster) {
    let isMapped = false;
    // Not those of the first map: it takes the place of the nodes that were configured.
    client.on('-node', () => {
      if (isMapped) watch.holdNewcomers(times.otherServerMs);
    });
    client.on('ready', () => {
      isMapped = true;
      void watch.look();
    });
  } else {
    // Without the right to ask, the wait simply runs its time.
    client.on('ready', () => void meetServer().catch(() => {}));
  }
  lookLater();
  return {
    stop(): void {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
