import type { ConfigFault } from './config/config-fault.ts';
import { formatFaults } from './config/format-config.ts';
import { loadConfig } from './config/load-config.ts';
import { readProcessInput } from './config/process-input.ts';
import type { Settings } from './config/settings.ts';
import { keepDemoIdentitySecret } from './demo/demo-identity-secret.ts';
import { GatewayError } from './domain/gateway-error.ts';
import { ledgerFault, prepareLedger } from './prepare-ledger.ts';
import { systemClock } from './system-clock.ts';
import { createLogger, type LoggerHandle } from './telemetry/logger.ts';
import { readVersion } from './version.ts';
import { type Gateway, wire } from './wire.ts';

export type { ConfigFault } from './config/config-fault.ts';

export interface EmbeddedGateway {
  /** The Express app, to be mounted or served by your own process. */
  app: Gateway['app'];
  /**
   * The metrics of this gateway, in Prometheus' text format. `METRICS_PORT` is not opened here: answer with them where
   * nobody but your Prometheus gets to.
   */
  readMetrics(): Promise<{ contentType: string; text: string }>;
  /** Ends all work, closes the ledger and writes out the log. Stop sending requests first. */
  close(): Promise<void>;
}

/** The configuration cannot be used, or the ledger cannot; `faults` names everything that is wrong. */
export class GatewayConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(`mau-guard cannot start:\n${formatFaults(faults)}`);
    this.name = 'GatewayConfigError';
    this.faults = faults;
  }
}

/**
 * Builds the gateway inside your own process, from the same environment and config file as `mau-guard serve`, and begins
 * its work in the background: alerts, the journal, reconciliation and archive as configured. Demo mode is not offered
 * here: everything it needs must be configured.
 *
 * @param env variables that go before those of the process
 * @throws GatewayConfigError with every fault at once
 */
export async function createGateway(env: Record<string, string> = {}): Promise<EmbeddedGateway> {
  const input = readProcessInput();
  const config = loadConfig({
    ...input,
    env: { ...input.env, ...env },
    flags: {},
    demo: false,
    demoIdentitySecret: keepDemoIdentitySecret,
  });
  if (!config.ok) throw new GatewayConfigError(config.faults);
  const { settings } = config;
  if (settings.demo) {
    const expected = 'a configured gateway';
    throw new GatewayConfigError([{ where: 'TWILIO_ACCOUNT_SID', expected, found: 'nothing' }]);
  }
  const log = await createLogger({ ...settings.log, clock: systemClock });
  const gateway = wireOrRefuse(settings, log);
  const faults = await prepareLedger(gateway, settings, { clock: systemClock, acceptNewIdentities: false });
  if (faults.length > 0) {
    await gateway.server.drain();
    throw new GatewayConfigError(faults);
  }
  gateway.start();
  return {
    app: gateway.app,
    readMetrics: () => gateway.metrics.expose(),
    close: () => gateway.server.drain(),
  };
}

function wireOrRefuse(settings: Settings, log: LoggerHandle): Gateway {
  try {
    return wire({ settings, clock: systemClock, log, version: readVersion() });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayConfigError([ledgerFault(settings, error)]);
  }
}
