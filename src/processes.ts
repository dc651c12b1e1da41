import cluster, { type Address } from 'node:cluster';
import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigFault } from './config/config-fault.ts';
import { takePort } from './config/listen-fault.ts';
import type { Settings } from './config/settings.ts';
import { createMetricsServer } from './http/metrics-server.ts';
import { createClusterMetrics } from './telemetry/cluster-metrics.ts';

/** A process that ends sooner after its start is given a pause before the next one. */
const SHORT_LIFE_MS = 10_000;
const PAUSE_MS = 1_000;
/** What a process says to the primary when it takes requests. */
const READY = 'mau-guard ready';

export interface SuperviseOptions {
  settings: Settings;
  /** How many processes, at least 2. */
  count: number;
  /** Settles when everything is to end. */
  stop: Promise<unknown>;
  /** All are ready on this port; the metrics server is null when there is none. */
  onReady(port: number, metrics: Server | null): void;
  /** Takes a line for the operator. */
  say(line: string): void;
  /** Says what stands against the start, and answers the exit code. */
  refuse(faults: readonly ConfigFault[]): number;
}

/** What stands against running the gateway of these settings in several processes. */
export function findProcessFaults({ ledger }: Settings): ConfigFault[] {
  if (ledger.kind !== 'embedded') return [];
  return [
    {
      where: '--processes',
      expected: 'a ledger in Redis, which many processes can share',
      found: 'the embedded ledger, which belongs to one process',
      hint: 'set REDIS_URL, or start without --processes',
    },
  ];
}

/**
 * The settings of one process of several: a journal of its own, and metrics through the primary. The first one takes up the
 * journals that another number of processes left.
 */
export function settingsAtPlace(settings: Settings, place: number, processes: number): Settings {
  const { journal } = settings;
  return {
    ...settings,
    metricsPort: null,
    journal: journal && {
      ...journal,
      path: `${journal.path}.${place}`,
      left: place === 1 ? { root: journal.path, processes } : null,
    },
  };
}

/**
 * Runs the gateway in several processes behind one port, with one page of metrics, until told to stop. Connections go
 * to the processes in turn. One that ends by itself is replaced at the same place, so that it takes up its journal.
 *
 * @returns the exit code: 0 after an orderly end, else that of a process which could not start
 */
export async function superviseProcesses(options: SuperviseOptions): Promise<number> {
  const { settings, count, stop, onReady, say, refuse } = options;
  const metricsServer = createMetricsServer(createClusterMetrics());
  const { metricsPort, listen } = settings;
  const metricsFault =
    metricsPort === null ? null : await takePort(metricsServer, 'METRICS_PORT', listen.host, metricsPort);

  let stopping = false;
  let ready = 0;
  const starts = new EventEmitter();

  /** Resolves with the exit code of a process whose first start failed; undefined once all have ended as told. */
  async function keep(place: number): Promise<number | undefined> {
    for (let isFirst = true; !stopping; isFirst = false) {
      const startedAt = performance.now();
      cluster.setupPrimary({ args: [...process.argv.slice(2), '--place', String(place)] });
      const worker = cluster.fork();
      let port = 0;
      let isReady = false;
      worker.once('listening', (address: Address) => {
        port = address.port;
      });
      worker.on('message', (message) => {
        if (message !== READY) return;
        isReady = true;
        ready += 1;
        starts.emit('ready');
        if (isFirst && ready === count) onReady(port, metricsPort === null ? null : metricsServer.http);
      });
      const [code, signal] = (await once(worker, 'exit')) as [number | null, string | null];
      if (stopping) return undefined;
      if (isFirst && !isReady) return code ?? 1;
      say(`Process ${place} ended (${signal ?? `exit code ${code}`}); another one takes its place`);
      if (performance.now() - startedAt < SHORT_LIFE_MS) await pause(PAUSE_MS);
    }
    return undefined;
  }

  // The first one alone: what stands against a start is to be said once.
  const kept = [keep(1)];
  await Promise.race([once(starts, 'ready'), stop, ...kept]);
  const isReady = ready > 0;
  if (isReady && metricsFault === null) {
    for (let place = 2; place <= count; place += 1) kept.push(keep(place));
  }
  // What it had to say against a start is said; without its metrics it is not to go on.
  const isOver = isReady && metricsFault !== null;
  const code = isOver ? 0 : await Promise.race([stop.then(() => 0), ...kept]);
  stopping = true;
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  await Promise.all(kept);
  if (metricsServer.http.listening) await metricsServer.close();
  // A wrong HOST is wrong for both listeners, and has been said.
  if (metricsFault !== null && (metricsFault.where !== 'HOST' || code === 0)) return refuse([metricsFault]);
  return code ?? 0;
}

/** Tells the primary that this process of several takes requests. */
export function tellReady(): void {
  process.send?.(READY);
}

/** Lets a process of several end: until then its line to the primary keeps it alive. */
export function leavePrimary(): void {
  cluster.worker?.disconnect();
}
