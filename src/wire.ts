import { createHash } from 'node:crypto';
import { createAuthenticator } from './auth/create-authenticator.ts';
import { createOperatorAuthenticator } from './auth/operator-keys.ts';
import type { BearerSource } from './auth/options.ts';
import type { IdentitySettings, LedgerSettings, ServiceSettings, Settings } from './config/settings.ts';
import type { Clock } from './domain/clock.ts';
import { createApp } from './http/app.ts';
import { createRateLimiter } from './http/limits.ts';
import { createMetricsServer, type MetricsServer } from './http/metrics-server.ts';
import { createOperatorGate } from './http/operators.ts';
import { createOrigins } from './http/origins.ts';
import { createLedgerCheck, createReadiness } from './http/readiness.ts';
import { createAlertRoutes } from './http/routes/alerts.ts';
import { createMonthRoutes } from './http/routes/months.ts';
import { createOpsRoutes } from './http/routes/ops.ts';
import { createServer, type GatewayServer } from './http/server.ts';
import { createIssueToken } from './issue/issue-token.ts';
import type { IssuingService } from './issue/issuing-service.ts';
import { createMinter } from './issue/mint.ts';
import { createIdentityResolver } from './issue/resolve-identity.ts';
import type { IssueToken } from './issue/token-request.ts';
import { openEvidenceJournal } from './ledger/journal/open-evidence-journal.ts';
import type { Ledger } from './ledger/ledger.ts';
import { openRedisLedger } from './ledger/redis/redis-ledger.ts';
import { openSqliteLedger } from './ledger/sqlite/open-sqlite-ledger.ts';
import { timeLedger } from './ledger/timed-ledger.ts';
import { createOneTimeLogins, type OneTimeLogins } from './ops/one-time-logins.ts';
import { createOperatorSessions } from './ops/operator-sessions.ts';
import type { Policy } from './policy/policy.ts';
import { createDecisionSink } from './telemetry/decision-log.ts';
import type { LoggerHandle } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { isLocal, wireGuestAdoption, wireGuestRoutes, wireGuests } from './wire/guests.ts';
import { buildIdentityOptions } from './wire/identity-options.ts';
import { wireLimits } from './wire/limits.ts';
import { readFill } from './wire/read-fill.ts';
import { wireAlerts } from './wire/wire-alerts.ts';
import { wireReasonSource } from './wire/wire-reason-source.ts';
import { wireSignals } from './wire/wire-signals.ts';
import { wireSteering } from './wire/wire-steering.ts';

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

/** Stops a script that runs wild; a person with a dashboard and a few scripts stays far below. */
const OPERATOR_REQUESTS_PER_MINUTE = 1_200;
/** Stops a backend that runs wild, in each process; the people it asks for have limits of their own. */
const BACKEND_REQUESTS_PER_MINUTE = 60_000;

/** The one place where parts are made and joined. */
export function wire({ settings, clock, log, version, bearerSources = [] }: WireOptions): Gateway {
  const { logger } = log;
  // First: a start that ends here must not leave a connection behind.
  const journal = settings.journal === null ? null : openEvidenceJournal(settings.journal);
  const serviceNames = settings.services.map(({ name }) => name);
  const classes = settings.classes.map(({ name }) => name);
  const metrics: Metrics = createMetrics({ version, fill: () => readFill(ledger, serviceNames, clock) });
  const ledger = timeLedger(
    openLedger(settings.ledger, (state, detail) => {
      if (state === 'ready') logger.info({ event: 'ledger.ready' });
      else logger.warn({ event: 'ledger.lost', reason: detail });
    }),
    metrics.observeStore,
  );

  const limits = wireLimits(settings.ledger, clock);
  const failedAuthentications = limits.perMinute(
    'failed-authentications',
    settings.limits.failedAuthenticationsPerMinute,
  );
  const limiter = createRateLimiter({ perMinute: settings.limits.tokenRequestsPerMinute, clock });
  const newGuests = limits.perHour('new-guests', settings.guests.newPerHour);
  const guests = wireGuests(settings);
  const authenticator = createAuthenticator({
    ...settings,
    bearerSources,
    guests: guests.access,
    backendRequests: createRateLimiter({ perMinute: BACKEND_REQUESTS_PER_MINUTE, clock }),
  });
  const resolveIdentity = createIdentityResolver({
    ...buildIdentityOptions(settings),
    rememberedMax: settings.limits.verifiedTokens,
  });

  const issuing = {
    clock,
    services: new Map(settings.services.map((service) => [service.name, buildService(service, settings)])),
    policy: buildPolicy(settings),
    ledger,
    humanCheck: guests.humanCheck,
  };
  const issueToken = createIssueToken({
    ...issuing,
    authenticator,
    limiter,
    perMinute: Object.fromEntries(
      settings.classes.flatMap(({ name, tokenRequestsPerMinute }) =>
        tokenRequestsPerMinute === null ? [] : [[name, tokenRequestsPerMinute]],
      ),
    ),
    resolveIdentity,
    reasonSource: wireReasonSource(settings),
    guestAdoption: wireGuestAdoption(settings, guests, { resolveIdentity, ledger }),
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
    failedAuthentications,
    operatorRequests: limits.perMinute('operator-requests', OPERATOR_REQUESTS_PER_MINUTE),
  });
  const shared = { ledger, clock, gate, services: serviceNames, classes };
  const origins = createOrigins(settings.publicUrl, settings.corsOrigins, isLocal(settings));
  const signals = wireSignals({ settings, ledger, journal, clock, limits, logger, metrics });
  const app = createApp({
    issueToken,
    clock,
    publicUrl: settings.publicUrl,
    origins,
    guestCookie: guests.cookie,
    trustProxy: settings.trustProxy,
    demo: settings.demo,
    logger,
    metrics,
    readiness,
    failedAuthentications,
    routers: {
      ...wireGuestRoutes(
        guests,
        { authenticator, resolveIdentity, ledger, limiter, newGuests },
        { origins, clock, services: serviceNames, failedAuthentications },
      ),
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
      extra: [
        ['/v1/alerts', createAlertRoutes(shared)],
        ...wireSteering({ settings, ledger, gate, issuing }),
        ...signals.routes,
      ],
    },
  });

  const alerts = wireAlerts({ settings, ledger, clock, logger, metrics });
  const metricsServer = createMetricsServer(metrics);
  const server = createServer(app, {
    readiness,
    publicUrl: settings.publicUrl,
    onMalformed: (request) => {
      metrics.observeRequest('none', 'none', request.status, 0);
      logger.info({ event: 'http.malformed', ...request });
    },
    drainDelayMs: settings.production ? DRAIN_DELAY_MS : 0,
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
    afterDrain: [
      () => alerts.stop(),
      () => signals.stop(),
      () => limits.close(),
      () => ledger.close(),
      () => closeIfListening(metricsServer),
      () => log.flush(),
    ],
  });
  server.http.once('listening', () => alerts.start());
  server.http.once('listening', () => signals.start());
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
    fallback: service.fallback,
    minter: createMinter({ ...service, service: service.name, ttlSeconds: token.ttlSeconds }),
  };
}

function buildPolicy({ intents, connect }: Settings): Policy {
  const { shadow, requireOrigin, crawlers, monthTurnQuietSeconds } = connect;
  return { intents, shadow, requireOrigin, crawlers, monthTurnQuietSeconds };
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
