import { fetchKeySet } from '../auth/fetch-key-set.ts';
import { createOpsOidc } from '../auth/ops-oidc.ts';
import { formatFaults } from '../config/format-config.ts';
import type { ConfigResult } from '../config/load-config.ts';
import { listSecrets } from '../config/setting-sources.ts';
import type { Settings } from '../config/settings.ts';
import type { DoctorReport } from '../doctor/check.ts';
import { createHideSecrets } from '../doctor/hide-secrets.ts';
import { listChecks } from '../doctor/list-checks.ts';
import { once } from '../doctor/once.ts';
import type { DoctorParts, GatewayParts } from '../doctor/parts.ts';
import type { DoctorIssuer, OperatorSignIn, ReachTls } from '../doctor/ports.ts';
import { runChecks } from '../doctor/run-checks.ts';
import { OPS_CALLBACK_PATH } from '../http/routes/ops-login.ts';
import { probeJournal } from '../ledger/journal/probe-journal.ts';
import { probeRedis } from '../ledger/redis/connection/probe-redis.ts';
import { EVENT_RULES } from '../signals/webhook/event-rules.ts';
import { reachTls as reachTlsHost } from '../twilio/reach-tls.ts';
import { signForm } from '../twilio/sign-webhook.ts';
import { readEngines } from '../version.ts';
import { openDoctorLedger } from './doctor-ledger.ts';
import { makeSampleToken } from './doctor-token.ts';
import { wireDoctorTwilio } from './doctor-twilio.ts';

export interface WireDoctorOptions {
  config: ConfigResult;
  /** Default: those of this process and package. */
  node?: DoctorParts['node'];
  /** ms since the epoch. */
  now(): number;
  /** Monotonic, ms. */
  elapsed(): number;
  fetch: typeof globalThis.fetch;
  /** Default: by the network. */
  reachTls?: ReachTls;
  offline: boolean;
  strict: boolean;
}

/** Where Twilio keeps services whose region is not named. */
const DEFAULT_REGION = 'us1';
/** Below the limit of a check. */
const REACH_TIMEOUT_MS = 4_500;

const reachByNetwork: ReachTls = (host, port) => reachTlsHost({ host, port, timeoutMs: REACH_TIMEOUT_MS });

/** Looks at everything that a gateway with this configuration depends on, and lets go of all of it. */
export async function runDoctor(options: WireDoctorOptions): Promise<DoctorReport> {
  const { config, offline, strict, elapsed } = options;
  const node = options.node ?? { version: process.version, engines: readEngines() };
  if (!config.ok) {
    const faults = formatFaults(config.faults).trimEnd().split('\n');
    const checks = listChecks({ node, config: { faults, notices: [], demo: false }, gateway: null });
    return runChecks(checks, { offline, strict, elapsed, hide: (text) => text });
  }
  const { settings } = config;
  const { gateway, close } = wireGatewayParts(settings, options);
  const { notices, demo } = settings;
  try {
    const checks = listChecks({ node, config: { faults: [], notices, demo }, gateway });
    return await runChecks(checks, {
      offline,
      strict,
      elapsed,
      hide: createHideSecrets(listSecrets(settings)),
    });
  } finally {
    await close();
  }
}

function wireGatewayParts(
  settings: Settings,
  { now, elapsed, fetch, reachTls = reachByNetwork }: WireDoctorOptions,
): { gateway: GatewayParts; close: () => Promise<void> } {
  const { services, journal, publicUrl, webhooks, demo, reconcile } = settings;
  const ledger = openDoctorLedger(settings, now);
  return {
    gateway: {
      services: services.map(({ name, accountSid, serviceSid, restApiKey, region }) => ({
        ...{ name, accountSid, serviceSid },
        hasReadKey: restApiKey !== null,
        region: region ?? DEFAULT_REGION,
      })),
      ...{ publicUrl, now, fetch, reachTls },
      ttlSeconds: settings.token.ttlSeconds,
      reckoning: settings.reckoning,
      category: reconcile.category,
      postEvents: Object.keys(EVENT_RULES),
      async sampleToken(name) {
        const service = services.find((one) => one.name === name);
        if (service === undefined) throw new RangeError(`There is no service ${name}.`);
        return makeSampleToken(service, settings);
      },
      journal: {
        bytesMax: journal?.bytesMax ?? 0,
        place: async () => (journal === null ? null : probeJournal(journal.path)),
      },
      redis: wireRedis(settings, { now, elapsed }),
      month: ledger.month,
      twilio: demo ? null : wireDoctorTwilio({ settings, now, fetch }),
      issuers: listIssuers(settings, fetch),
      operatorSignIn: buildSignIn(settings),
      signForm: webhooks === null ? null : (url, form) => signForm(webhooks.authToken, url, form),
    },
    close: ledger.close,
  };
}

function wireRedis(
  { ledger }: Pick<Settings, 'ledger'>,
  clocks: Pick<WireDoctorOptions, 'now' | 'elapsed'>,
): GatewayParts['redis'] {
  if (ledger.kind !== 'redis') return null;
  const { connection, waitReplicas, deadlineMs } = ledger;
  return {
    use: { isCluster: connection.kind === 'cluster', waitReplicas, deadlineMs },
    nodes: once(() => probeRedis(ledger, clocks)),
  };
}

/** Looks the provider up as the dashboard does, with its own library. */
function buildSignIn({ operatorOidc, publicUrl }: Settings): OperatorSignIn | null {
  if (operatorOidc === null) return null;
  const oidc = createOpsOidc(operatorOidc);
  return {
    redirectUri: publicUrl === null ? null : `${publicUrl}${OPS_CALLBACK_PATH}`,
    addressOf: async (redirectUri) => (await oidc.begin(redirectUri)).url,
  };
}

function listIssuers({ issuers, operatorOidc }: Settings, fetch: typeof globalThis.fetch): DoctorIssuer[] {
  const countOf = (issuer: string, jwksUrl: string | null, timeoutMs: number) => async () =>
    (await fetchKeySet({ issuer, jwksUrl, timeoutMs, fetch })).keys.length;
  const ofApp = issuers.map(
    ({ issuer, jwksUrl, secret, timeoutMs }): DoctorIssuer => ({
      ...{ issuer, audience: 'app', setting: 'AUTH_ISSUER (or issuers in config/mau-guard.yaml)' },
      countKeys: secret === null ? countOf(issuer, jwksUrl, timeoutMs) : null,
    }),
  );
  if (operatorOidc === null) return ofApp;
  const { issuer, timeoutMs } = operatorOidc;
  return [
    ...ofApp,
    {
      ...{ issuer, audience: 'operators', setting: 'OPS_OIDC_ISSUER' },
      countKeys: countOf(issuer, null, timeoutMs),
    },
  ];
}
