import { buildListen } from './build-listen.ts';
import type { ConfigFault } from './config-fault.ts';
import type { EnvironmentInput } from './environment-input.ts';
import { createFindings } from './findings.ts';
import { readEnvironment } from './read-environment.ts';

/**
 * Only where the gateway listens. A health check asks this way, so that it can tell a gateway that is down
 * from one that was started with other variables than its own.
 */
export function loadListen(
  input: EnvironmentInput,
  flags: Readonly<Record<string, string | undefined>>,
): { ok: true; host: string; port: number } | { ok: false; faults: ConfigFault[] } {
  const findings = createFindings();
  const environment = readEnvironment(input, flags, findings);
  const { listen } = buildListen({ environment, findings }, false);
  const faults = findings.faults.filter(({ where }) => /^(PORT|HOST|--port|--host)$/.test(where));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, ...listen };
}
