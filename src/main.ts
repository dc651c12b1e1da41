import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { ConfigFault } from './config/config-fault.ts';
import { formatFaults } from './config/format-config.ts';
import { loadConfig } from './config/load-config.ts';
import { readProcessInput } from './config/process-input.ts';
import type { Settings } from './config/settings.ts';
import { formatDemoBanner } from './demo/demo-banner.ts';
import { keepDemoIdentitySecret } from './demo/demo-identity-secret.ts';
import { createDemoBearerSource, createDemoLogins, type DemoLogin } from './demo/demo-people.ts';
import { GatewayError } from './domain/gateway-error.ts';
import { fitCollector } from './fit-collector.ts';
import { ledgerFault, prepareLedger } from './prepare-ledger.ts';
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
}

const EXIT_OK = 0;
const EXIT_CONFIG = 2;

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
  const { settings } = config;

  const log = await createLogger({ ...settings.log, clock: systemClock });
  const demoLogins = settings.demo ? createDemoLogins(() => randomBytes(12).toString('base64url')) : [];
  let gateway: Gateway;
  try {
    gateway = wire({
      settings,
      clock: systemClock,
      log,
      version: readVersion(),
      bearerSources: settings.demo ? [createDemoBearerSource(demoLogins)] : [],
    });
  } catch (error) {
    if (error instanceof GatewayError) return refuseToStart([ledgerFault(settings, error)]);
    throw error;
  }

  const stop = stopSignal();
  const faults = await start(gateway, settings, options.acceptNewIdentities);
  if (faults.length > 0) {
    await gateway.server.drain().catch(() => {});
    return refuseToStart(faults);
  }
  announce(gateway, settings, demoLogins);
  log.logger.info({ event: 'gateway.started', services: settings.services.map(({ name }) => name) });

  log.logger.info({ event: 'gateway.stopping', signal: await stop });
  await gateway.server.drain();
  return EXIT_OK;
}

/** Takes everything that is needed before the first request; answers all that could not be had. */
async function start(
  gateway: Gateway,
  settings: Settings,
  acceptNewIdentities: boolean,
): Promise<ConfigFault[]> {
  const faults = await prepareLedger(gateway, settings, { clock: systemClock, acceptNewIdentities });
  const { host, port } = settings.listen;
  await gateway.server
    .listen(port, host)
    .catch((error: unknown) => faults.push(listenFault('PORT', host, port, error)));
  const { metricsPort } = settings;
  if (metricsPort !== null) {
    await gateway.metricsServer
      .listen(metricsPort, host)
      .catch((error: unknown) => faults.push(listenFault('METRICS_PORT', host, metricsPort, error)));
  }
  return faults;
}

function listenFault(where: string, host: string, port: number, error: unknown): ConfigFault {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return { where, expected: `a free port on ${host}`, found: `${port}: ${reason}` };
}

function refuseToStart(faults: readonly ConfigFault[]): number {
  process.stderr.write(formatFaults(faults, { color: process.stderr.isTTY === true }));
  return EXIT_CONFIG;
}

/** Says where everything is; the ports are only known now, because port 0 picks a free one. */
function announce(gateway: Gateway, settings: Settings, logins: readonly DemoLogin[]): void {
  const url = urlOf(settings.listen.host, gateway.server.http);
  for (const notice of settings.notices) process.stderr.write(`${notice}\n`);
  if (!settings.demo) {
    const metrics = urlOf(settings.listen.host, gateway.metricsServer.http);
    process.stderr.write(`mau-guard is listening on ${url}\n`);
    if (metrics !== null) process.stderr.write(`Metrics are at ${metrics}/metrics\n`);
    return;
  }
  const code = gateway.logins.issue({ name: 'demo', role: 'admin' });
  const ledgerPath = settings.ledger.kind === 'embedded' ? settings.ledger.path : '';
  process.stdout.write(
    formatDemoBanner({ url: url ?? '', logins, opsLink: `${url}/ops?login=${code}`, ledgerPath }),
  );
}

function urlOf(host: string, server: Server): string | null {
  const address = server.address();
  if (address === null || typeof address === 'string') return null;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

/** Resolves at the first signal to stop; a second one ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve(signal);
        process.once(signal, () => process.exit(130));
      });
    }
  });
}
