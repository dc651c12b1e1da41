import type { ConfigFault } from './config/config-fault.ts';
import { formatFaults } from './config/format-config.ts';
import { loadConfig } from './config/load-config.ts';
import { readProcessInput } from './config/process-input.ts';
import { keepDemoIdentitySecret } from './demo/demo-identity-secret.ts';
import { prepareLedger } from './prepare-ledger.ts';
import { systemClock } from './system-clock.ts';
import { createLogger } from './telemetry/logger.ts';
import { readVersion } from './version.ts';
import { type Gateway, wire } from './wire.ts';

export type { ConfigFault } from './config/config-fault.ts';

export interface EmbeddedGateway {
  /** The Express app, to be mounted or served by your own process. */
  app: Gateway['app'];
  /** Closes the ledger and writes out the log. Stop sending requests first. */
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
 * Builds the gateway inside your own process, from the same environment and config file as `mau-guard serve`.
 * Demo mode is not offered here: everything it needs must be configured.
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
  const gateway = wire({ settings, clock: systemClock, log, version: readVersion() });
  const faults = await prepareLedger(gateway, settings, { clock: systemClock, acceptNewIdentities: false });
  if (faults.length > 0) {
    await gateway.ledger.close();
    throw new GatewayConfigError(faults);
  }
  return {
    app: gateway.app,
    async close() {
      await gateway.ledger.close();
      await log.flush();
    },
  };
}
