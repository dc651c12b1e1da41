import { buildAlerts } from './build-alerts.ts';
import { buildCallers } from './build-callers.ts';
import { buildClasses } from './build-classes.ts';
import { buildCompatibility } from './build-compatibility.ts';
import { buildConnect } from './build-connect.ts';
import { buildEvidenceSettings } from './build-evidence-settings.ts';
import { buildDemoGuests, buildGuests } from './build-guests.ts';
import { buildIntents } from './build-intents.ts';
import { buildEmbedded, buildLedger, REDIS_VARIABLES } from './build-ledger.ts';
import { buildListen } from './build-listen.ts';
import { buildOperatorOidc } from './build-operator-oidc.ts';
import { buildReckoning } from './build-reckoning.ts';
import { buildReconcile } from './build-reconcile.ts';
import { buildRetention } from './build-retention.ts';
import { buildCookieSecrets, buildIdentity } from './build-secrets.ts';
import { buildServices } from './build-services.ts';
import { buildUnread } from './build-unread.ts';
import type { ConfigFault } from './config-fault.ts';
import type { ConfigParts } from './config-parts.ts';
import { deepFreeze } from './deep-freeze.ts';
import { buildDemoService, isDemo, refuseExposedDemo } from './demo-mode.ts';
import type { EnvironmentInput } from './environment-input.ts';
import { createFindings, type Offer } from './findings.ts';
import { readConfigFile } from './read-config-file.ts';
import { readEnvironment } from './read-environment.ts';
import { listSettings, type SettingSource } from './setting-sources.ts';
import type { LedgerSettings, Settings } from './settings.ts';
import { findUnknownVariables } from './unknown-variables.ts';

export interface ConfigInput extends EnvironmentInput {
  /** `port`, `host` and `config`, as they were typed; they go before the environment. */
  flags?: Readonly<Record<string, string | undefined>>;
  /** Demo mode by command: TWILIO_ and AUTH_ variables and the file's services and callers are not looked at. */
  demo?: boolean;
  /** Gives the secret of demo identities, which is kept beside the embedded ledger at this path. */
  demoIdentitySecret: (ledgerPath: string) => string;
  /** Random source of the demo signing key. */
  randomBytes: (bytes: number) => Uint8Array;
  /** True when the log goes to a terminal. */
  tty?: boolean;
}

export type ConfigResult =
  | { ok: true; settings: Settings; sources: Record<string, SettingSource> }
  | { ok: false; faults: ConfigFault[] };

/** Parses flags, environment and file into frozen settings, or tells every fault at once. Has no effects. */
export function loadConfig(input: ConfigInput): ConfigResult {
  const findings = createFindings();
  const options = input.demo ? { ignore: /^(TWILIO|AUTH)_/ } : {};
  const environment = readEnvironment(input, input.flags ?? {}, findings, options);
  const file = readConfigFile(input, environment, findings);
  findUnknownVariables(environment.names(), file.secretNames, findings);
  const parts: ConfigParts = { environment, file, findings };

  if (input.demo) refuseExposedDemo(parts);
  const demo = input.demo === true || isDemo(parts);
  const settings = demo ? buildDemo(parts, input) : buildReal(parts, input);
  if (findings.faults.length > 0) return { ok: false, faults: [...findings.faults] };
  deepFreeze(settings);
  return { ok: true, settings, sources: listSettings(settings, findings.sources) };
}

function buildReal(parts: ConfigParts, input: ConfigInput): Settings {
  const classes = buildClasses(parts);
  const services = buildServices(parts, classes);
  const ledger = buildLedger(parts);
  const callers = buildCallers(parts, classes);
  return {
    demo: false,
    services,
    ledger,
    ...callers,
    ...buildRest(parts, classes, input, undefined),
    connect: buildConnect(parts),
    unread: buildUnread(parts),
    guests: buildGuests(parts, classes),
  };
}

/** The rest of a demo is as real as ever: policy, budget, listeners. */
function buildDemo(parts: ConfigParts, input: ConfigInput): Settings {
  const classes = buildClasses(parts);
  const services = [buildDemoService(parts, classes, input.randomBytes)];
  // A file of its own: what the demo counts must never be found by the real gateway later.
  const ledger = buildEmbedded(parts, 'data/demo.db');
  sayWhatDemoLeavesOut(parts);
  const secret = { value: demoSecret(ledger, parts, input), source: 'demo', where: 'IDENTITY_SECRET' };
  const callers = { issuers: [], backends: [], session: null };
  return {
    demo: true,
    services,
    ledger,
    ...callers,
    ...buildRest(parts, classes, input, secret),
    // Its Twilio is made up, so there is nothing to look up.
    connect: { ...buildConnect(parts), lookUp: false },
    unread: { fill: false },
    guests: buildDemoGuests(parts, classes),
  };
}

function demoSecret(ledger: LedgerSettings, parts: ConfigParts, input: ConfigInput): string {
  const needless = parts.environment.isSet('IDENTITY_SECRET') || parts.findings.faults.length > 0;
  return needless || ledger.kind !== 'embedded' ? '' : input.demoIdentitySecret(ledger.path);
}

function sayWhatDemoLeavesOut({ environment, file, findings }: ConfigParts): void {
  const redis = REDIS_VARIABLES.filter((name) => environment.isSet(name)).map(String);
  if (environment.get('LEDGER')?.value === 'redis') redis.push('LEDGER=redis');
  if (redis.length > 0)
    findings.notice(`Demo mode has its own embedded ledger; not used: ${redis.join(', ')}.`);
  const sections = (['services', 'issuers', 'backends', 'session'] as const).filter(
    (key) => file.data[key] !== undefined,
  );
  if (sections.length > 0)
    findings.notice(`Demo mode leaves out of the config file: ${sections.join(', ')}.`);
}

function buildRest(
  parts: ConfigParts,
  classes: Settings['classes'],
  input: ConfigInput,
  demoIdentitySecret: Offer<string> | undefined,
) {
  const { environment, file, findings } = parts;
  const { token, limits } = file.data;
  const limit = (key: keyof Settings['limits'], fallback: number) =>
    findings.prefer(`limits.${key}`, [file.offer(['limits', key], limits?.[key])], fallback);
  const identity = buildIdentity(parts, demoIdentitySecret);
  const ttl = [environment.get('TOKEN_TTL_SECONDS'), file.offer(['token', 'ttlSeconds'], token?.ttlSeconds)];
  return {
    production: environment.production,
    ...buildListen(parts, input.tty === true),
    identity,
    cookieSecrets: buildCookieSecrets(parts, identity.secret),
    token: { ttlSeconds: findings.prefer('token.ttlSeconds', ttl, 3600) },
    twilioRestUrl: findings.prefer<string | null>(
      'twilioRestUrl',
      [environment.get('TWILIO_REST_URL')],
      null,
    ),
    classes,
    ...buildEvidenceSettings(parts),
    intents: buildIntents(parts),
    compatibility: buildCompatibility(parts),
    alerts: buildAlerts(parts),
    ...buildReconcile(parts),
    retention: buildRetention(parts),
    reckoning: buildReckoning(parts, input),
    limits: {
      tokenRequestsPerMinute: limit('tokenRequestsPerMinute', 60),
      failedAuthenticationsPerMinute: limit('failedAuthenticationsPerMinute', 60),
      verifiedTokens: limit('verifiedTokens', 20_000),
      twilioReadsPerSecond: limit('twilioReadsPerSecond', 10),
    },
    operatorOidc: buildOperatorOidc(parts),
    operators: findings.prefer('operators', [environment.get('OPS_API_KEYS')], []),
    notices: [...findings.notices],
  };
}
