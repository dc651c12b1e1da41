import { DEFAULT_SERVICE } from '../domain/service-name.ts';
import { buildBudget } from './build-budget.ts';
import type { ConfigParts } from './config-parts.ts';
import { isLoopbackHost } from './loopback.ts';
import type { ClassSettings, ServiceSettings } from './settings.ts';
import { SIGNING_VARIABLES } from './variables.ts';

const ZEROS = '0'.repeat(32);

/** True when nothing was configured that a real gateway needs, and nobody but this machine can reach it. */
export function isDemo({ environment, file }: ConfigParts): boolean {
  if (environment.production) return false;
  if (SIGNING_VARIABLES.some((name) => environment.isSet(name))) return false;
  if (environment.names().some((name) => name.startsWith('AUTH_'))) return false;
  if (!isOnLoopback({ environment })) return false;
  const { services, issuers, backends, session } = file.data;
  return ![services, issuers, backends, session].some((section) => Object.keys(section ?? {}).length > 0);
}

/** What demo mode asked for by command still insists on. */
export function refuseExposedDemo(parts: ConfigParts): void {
  const { environment, findings } = parts;
  if (environment.production) {
    findings.fault({
      where: 'NODE_ENV',
      expected: 'anything but production in demo mode',
      found: 'production',
    });
  }
  if (!isOnLoopback(parts)) {
    const where = environment.get('HOST')?.where ?? 'HOST';
    const hint = 'demo logins are for everyone who reaches it';
    findings.fault({ where, expected: 'a loopback host in demo mode', found: 'another host', hint });
  }
}

function isOnLoopback({ environment }: Pick<ConfigParts, 'environment'>): boolean {
  if (!environment.isSet('HOST')) return true;
  const host = environment.get('HOST');
  return host !== undefined && isLoopbackHost(host.value);
}

/** The one service of demo mode: plainly fake, and unable to talk to Twilio. */
export function buildDemoService(
  parts: ConfigParts,
  classes: readonly ClassSettings[],
  randomBytes: (bytes: number) => Uint8Array,
): ServiceSettings {
  parts.findings.from(`services.${DEFAULT_SERVICE}`, 'demo');
  return {
    name: DEFAULT_SERVICE,
    accountSid: `AC${ZEROS}`,
    serviceSid: `IS${ZEROS}`,
    apiKey: { sid: `SK${ZEROS}`, secret: Buffer.from(randomBytes(32)).toString('base64url') },
    previousApiKey: null,
    restApiKey: null,
    region: null,
    edge: null,
    pushCredentialSid: null,
    roleSids: {},
    budget: buildBudget(parts, DEFAULT_SERVICE, undefined, parts.environment, classes),
    fallback: null,
  };
}
