import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { ConfigFault } from './config/config-fault.ts';
import { formatFaults } from './config/format-config.ts';
import { type Listener, takePort } from './config/listen-fault.ts';
import { loadConfig } from './config/load-config.ts';
import { readProcessInput } from './config/process-input.ts';
import type { Settings } from './config/settings.ts';
import { formatDemoBanner } from './demo/demo-banner.ts';
import { keepDemoIdentitySecret } from './demo/demo-identity-secret.ts';
import { type Demo, startDemo } from './demo/start-demo.ts';
import { GatewayError } from './domain/gateway-error.ts';
import { fitCollector } from './fit-collector.ts';
import { startListening } from './http/start-listening.ts';
import { ledgerFault, prepareLedger } from './prepare-ledger.ts';
import {
  findProcessFaults,
  leavePrimary,
  settingsAtPlace,
  superviseProcesses,
  tellReady,
} from './processes.ts';
import { systemClock } from './system-clock.ts';
import { createLogger } from './telemetry/logger.ts';
import { readVersion } from './version.ts';
import { type Gateway, wire } from './wire.ts';

export interface ServeOptions {
  /** `port`, `host` and `config`, as they were typed. */
  flags: Record<string, string>;
  demo: boolean;
  /** Go on although the identity secret is another one than the ledger knows. */
  acceptNewIdentities: boolean;
  /** How many processes share the port; default 1. */
  processes?: number;
  /** This process is one of several: the one at this place, from 1. */
  place?: number;
}

const EXIT_OK = 0;
const EXIT_CONFIG = 2;
/** What asks a gateway to stop. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * A second signal so soon after the first one is the same wish come twice: of Ctrl-C both a terminal and npm tell.
 */
const SAME_WISH_MS = 1_000;

/**
 * Runs the gateway until it is told to stop; resolves with the exit code: 0 after an orderly end, 2 when it could
 * not start, with every fault on standard error, one line each.
 */
export async function serve(options: ServeOptions): Promise<number> {
  fitCollector();
  const config = loadConfig({
    ...readProcessInput(),
    flags: options.flags,
    demo: options.demo,
    demoIdentitySecret: keepDemoIdentitySecret,
  });
  if (!config.ok) return refuseToStart(config.faults);
  const { processes = 1, place } = options;
  if (place !== undefined) return serveAtPlace(options, settingsAtPlace(config.settings, place, processes));
  if (processes > 1) return serveInProcesses(config.settings, processes);
  return config.settings.demo ? serveDemo(options, config.settings) : serveHere(options, config.settings);
}

async function serveDemo(options: ServeOptions, settings: Settings): Promise<number> {
  const demo = await startDemo(settings, systemClock, (bytes) => randomBytes(bytes).toString('base64url'));
  try {
    return await serveHere(options, demo.settings, demo);
  } finally {
    await demo.close();
  }
}

async function serveAtPlace(options: ServeOptions, settings: Settings): Promise<number> {
  try {
    return await serveHere(options, settings);
  } finally {
    leavePrimary();
  }
}

async function serveHere(
  { acceptNewIdentities, place }: ServeOptions,
  settings: Settings,
  demo: Demo | null = null,
): Promise<number> {
  const log = await createLogger({ ...settings.log, clock: systemClock, place });
  let gateway: Gateway;
  try {
    gateway = wire({
      settings,
      clock: systemClock,
      log,
      version: readVersion(),
      bearerSources: demo?.bearerSources ?? [],
      exampleLogin: demo?.logins[0]?.token ?? null,
      demoSite: demo?.site ?? null,
    });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return refuseToStart([ledgerFault(settings, error), ...(await findTakenPorts(settings))]);
  }

  const stop = stopSignal({ patient: place !== undefined });
  const faults = await start(gateway, settings, acceptNewIdentities);
  if (faults.length > 0) {
    await gateway.server.drain().catch(() => {});
    return refuseToStart(faults);
  }
  if (place === undefined) announce(gateway, settings, demo);
  else tellReady();
  log.logger.info({ event: 'gateway.started', services: settings.services.map(({ name }) => name) });

  log.logger.info({ event: 'gateway.stopping', signal: await stop });
  await gateway.server.drain();
  return EXIT_OK;
}

async function serveInProcesses(settings: Settings, count: number): Promise<number> {
  const faults = findProcessFaults(settings);
  if (faults.length > 0) return refuseToStart(faults);
  const say = (line: string) => process.stderr.write(`${line}\n`);
  return superviseProcesses({
    ...{ settings, count, say, refuse: refuseToStart, stop: stopSignal({ patient: false }) },
    onReady: (port, metrics) => {
      for (const notice of settings.notices) say(notice);
      say(`mau-guard is listening on ${formatUrl(settings.listen.host, port)}`);
      say(`${count} processes share it`);
      if (metrics !== null) say(`Metrics are at ${urlOf(settings.listen.host, metrics)}/metrics`);
    },
  });
}

/** Ports that could not be had either: whoever starts a gateway twice hears all of it at once. Nothing is left open. */
async function findTakenPorts(settings: Settings): Promise<ConfigFault[]> {
  const [server, metricsServer] = [createServer(), createServer()];
  const probe = (http: Server) => ({
    listen: (port: number, host: string) => startListening(http, port, host),
  });
  const faults = await takePorts(settings, { server: probe(server), metricsServer: probe(metricsServer) });
  for (const http of [server, metricsServer]) http.close();
  return faults;
}

/** Takes everything that is needed before the first request; answers all that could not be had. */
async function start(
  gateway: Gateway,
  settings: Settings,
  acceptNewIdentities: boolean,
): Promise<ConfigFault[]> {
  const faults = await prepareLedger(gateway, settings, { clock: systemClock, acceptNewIdentities });
  return [...faults, ...(await takePorts(settings, gateway))];
}

/** Listens on both ports; answers what could not be had. */
async function takePorts(
  { listen, metricsPort }: Settings,
  { server, metricsServer }: { server: Listener; metricsServer: Listener },
): Promise<ConfigFault[]> {
  const { host, port } = listen;
  const fault = await takePort(server, 'PORT', host, port);
  // A wrong host is said once.
  const metricsFault =
    metricsPort === null || fault?.where === 'HOST'
      ? null
      : await takePort(metricsServer, 'METRICS_PORT', host, metricsPort);
  return [fault, metricsFault].filter((each) => each !== null);
}

function refuseToStart(faults: readonly ConfigFault[]): number {
  process.stderr.write(formatFaults(faults, { color: process.stderr.isTTY === true }));
  return EXIT_CONFIG;
}

/** Says where everything is; the ports are only known now, because port 0 picks a free one. */
function announce(gateway: Gateway, settings: Settings, demo: Demo | null): void {
  const url = urlOf(settings.listen.host, gateway.server.http);
  for (const notice of settings.notices) process.stderr.write(`${notice}\n`);
  if (demo === null) {
    const metrics = urlOf(settings.listen.host, gateway.metricsServer.http);
    process.stderr.write(`mau-guard is listening on ${url}\n`);
    if (metrics !== null) process.stderr.write(`Metrics are at ${metrics}/metrics\n`);
    return;
  }
  const code = gateway.logins.issue({ name: 'demo', role: 'admin' });
  const ledgerPath = settings.ledger.kind === 'embedded' ? settings.ledger.path : '';
  process.stdout.write(
    formatDemoBanner({
      ...{ url: url ?? '', logins: demo.logins, ledgerPath },
      opsLink: `${url}/ops?login=${code}`,
    }),
  );
}

function urlOf(host: string, server: Server): string | null {
  const address = server.address();
  if (address === null || typeof address === 'string') return null;
  return formatUrl(host, address.port);
}

function formatUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Resolves at the first signal to stop. A later one ends the process at once, unless `patient`: a process of several may be
 * told both by its primary and by what stops their whole group, as systemd does, and ends with its primary in any case.
 */
function stopSignal({ patient }: { patient: boolean }): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        firstAt ??= performance.now();
        resolve(signal);
        if (!patient && performance.now() - firstAt >= SAME_WISH_MS) process.exit(130);
      });
    }
  });
}
