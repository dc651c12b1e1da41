import { createHash } from 'node:crypto';
import { createAuthenticator } from './auth/create-authenticator.ts';
import { createOperatorAuthenticator } from './auth/operator-keys.ts';
import type { BearerSource } from './auth/options.ts';
import type { IdentitySettings, LedgerSettings, ServiceSettings, Settings } from './config/settings.ts';
import type { Clock } from './domain/clock.ts';
import { monthOf } from './domain/month.ts';
import { createApp } from './http/app.ts';
import { createRateLimiter } from './http/limits.ts';
import { createMetricsServer, type MetricsServer } from './http/metrics-server.ts';
import { createOperatorGate } from './http/operators.ts';
import { createLedgerCheck, createReadiness } from './http/readiness.ts';
import { createMonthRoutes } from './http/routes/months.ts';
import { createOpsRoutes } from './http/routes/ops.ts';
import { createServer, type GatewayServer } from './http/server.ts';
import { createIssueToken, type IssuingService } from './issue/issue-token.ts';
import { createMinter } from './issue/mint.ts';
import { createIdentityResolver } from './issue/resolve-identity.ts';
import type { IssueToken } from './issue/token-request.ts';
import type { Ledger } from './ledger/ledger.ts';
import { openRedisLedger } from './ledger/redis/redis-ledger.ts';
import { openSqliteLedger } from './ledger/sqlite/open-sqlite-ledger.ts';
import { timeLedger } from './ledger/timed-ledger.ts';
import { createOneTimeLogins, type OneTimeLogins } from './ops/one-time-logins.ts';
import { createOperatorSessions } from './ops/operator-sessions.ts';
import { createDecisionSink } from './telemetry/decision-log.ts';
import type { LoggerHandle } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';

export interface WireOptions {
  settings: Settings;
  clock: Clock;
  log: LoggerHandle;
  version: string;
  /** Built-in logins, such as those of demo mode. */
  bearerSources?: readonly BearerSource[];
}

/** A wired gateway; nothing listens yet. */
export interface Gateway {
  app: ReturnType<typeof createApp>;
  server: GatewayServer;
  metricsServer: MetricsServer;
  ledger: Ledger;
  issueToken: IssueToken;
  logins: OneTimeLogins;
  /** Tells apart the identity secrets of two installations without giving one away. */
  identityFingerprint: string;
}

/** How long a load balancer gets to see `/readyz` say no before the door closes, in production, ms. */
const DRAIN_DELAY_MS = 5_000;
/** When requests still in flight at shutdown are cut off, ms. */
const DRAIN_TIMEOUT_MS = 10_000;

/** The one place where parts are made and joined. */
export function wire({ settings, clock, log, version, bearerSources = [] }: WireOptions): Gateway {
  const { logger } = log;
  const serviceNames = settings.services.map(({ name }) => name);
  const classes = settings.classes.map(({ name }) => name);
  const metrics: Metrics = createMetrics({ version, fill: () => readFill() });
  const ledger = timeLedger(
    openLedger(settings.ledger, (state, detail) => {
      if (state === 'ready') logger.info({ event: 'ledger.ready' });
      else logger.warn({ event: 'ledger.lost', reason: detail });
    }),
    metrics.observeStore,
  );

  const readFill = () =>
    Promise.all(
      serviceNames.map(async (service) => {
        const { all, budget } = await ledger.totals(service, monthOf(clock.now()));
        return { service, identities: all, budget: budget?.scopes.all ?? null };
      }),
    );

  const issueToken = createIssueToken({
    clock,
    services: new Map(settings.services.map((service) => [service.name, buildService(service, settings)])),
    authenticator: createAuthenticator({ ...settings, bearerSources }),
    limiter: createRateLimiter({ perMinute: settings.limits.tokenRequestsPerMinute, clock }),
    resolveIdentity: createIdentityResolver({
      ...settings.identity,
      prefixes: Object.fromEntries(settings.classes.map(({ name, prefix }) => [name, prefix])),
      rememberedMax: settings.limits.verifiedTokens,
    }),
    policy: { intents: settings.intents },
    ledger,
    onDecision: createDecisionSink(logger, metrics),
  });

  const readiness = createReadiness([createLedgerCheck(ledger, clock)]);
  const authenticate = createOperatorAuthenticator(settings.operators);
  const sessions = createOperatorSessions(settings.cookieSecrets);
  const logins = createOneTimeLogins(clock);
  const gate = createOperatorGate({
    authenticate,
    sessions,
    clock,
    publicUrl: settings.publicUrl,
    failedAuthentications: createRateLimiter({
      perMinute: settings.limits.failedAuthenticationsPerMinute,
      clock,
    }),
  });
  const shared = { ledger, clock, gate, services: serviceNames, classes };
  const app = createApp({
    issueToken,
    clock,
    publicUrl: settings.publicUrl,
    corsOrigins: settings.corsOrigins,
    trustProxy: settings.trustProxy,
    demo: settings.demo,
    logger,
    metrics,
    readiness,
    limits: settings.limits,
    routers: {
      months: createMonthRoutes(shared),
      ops: createOpsRoutes({
        ...shared,
        sessions,
        logins,
        authenticate,
        keysConfigured: settings.operators.length > 0,
        publicUrl: settings.publicUrl,
        demo: settings.demo,
      }),
    },
  });

  const metricsServer = createMetricsServer(metrics);
  const server = createServer(app, {
    readiness,
    drainDelayMs: settings.production ? DRAIN_DELAY_MS : 0,
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
    afterDrain: [() => ledger.close(), () => closeIfListening(metricsServer), () => log.flush()],
  });
  return {
    app,
    server,
    metricsServer,
    ledger,
    issueToken,
    logins,
    identityFingerprint: fingerprintOf(settings.identity),
  };
}

function openLedger(
  settings: LedgerSettings,
  onConnectionChange: (state: 'ready' | 'lost', detail: string) => void,
): Ledger {
  return settings.kind === 'embedded'
    ? openSqliteLedger({ path: settings.path })
    : openRedisLedger({ ...settings, onConnectionChange });
}

function buildService(service: ServiceSettings, { token }: Settings): IssuingService {
  return {
    name: service.name,
    serviceSid: service.serviceSid,
    region: service.region,
    ttlSeconds: token.ttlSeconds,
    minter: createMinter({ ...service, service: service.name, ttlSeconds: token.ttlSeconds }),
  };
}

/** Everything that an identity derives from besides the person: with another fingerprint everybody is someone new. */
function fingerprintOf({ strategy, secret, foldCase }: IdentitySettings): string {
  return createHash('sha256')
    .update(JSON.stringify(['mau-guard identities', strategy, foldCase, secret]))
    .digest('hex')
    .slice(0, 32);
}

async function closeIfListening({ http, close }: MetricsServer): Promise<void> {
  if (http.listening) await close();
}
