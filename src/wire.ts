import { createHash } from 'node:crypto';
import { createAuthenticator } from './auth/create-authenticator.ts';
import type { BearerSource } from './auth/options.ts';
import type { IdentitySettings, Settings } from './config/settings.ts';
import type { Clock } from './domain/clock.ts';
import { createApp } from './http/app.ts';
import { createRateLimiter } from './http/limits.ts';
import { createMetricsServer, type MetricsServer } from './http/metrics-server.ts';
import { createOrigins } from './http/origins.ts';
import { createLedgerCheck, createReadiness } from './http/readiness.ts';
import { createServer, type GatewayServer } from './http/server.ts';
import { createIssueToken } from './issue/issue-token.ts';
import { createIdentityResolver } from './issue/resolve-identity.ts';
import type { IssueToken } from './issue/token-request.ts';
import { openJournals } from './ledger/journal/open-journals.ts';
import type { Ledger } from './ledger/ledger.ts';
import { explainSilence } from './ledger/redis/connection/explain-silence.ts';
import type { OneTimeLogins } from './ops/one-time-logins.ts';
import { createDecisionSink } from './telemetry/decision-log.ts';
import { createLastSeen } from './telemetry/last-seen.ts';
import type { LoggerHandle } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { createGatewayState } from './wire/gateway-state.ts';
import { isLocal, wireGuestAdoption, wireGuestRoutes, wireGuests } from './wire/guests.ts';
import { buildIdentityOptions } from './wire/identity-options.ts';
import { wireFailures, wireLimits } from './wire/limits.ts';
import { readFill } from './wire/read-fill.ts';
import { wireAlertTester } from './wire/wire-alert-tester.ts';
import { wireAlerts } from './wire/wire-alerts.ts';
import { wireArchive } from './wire/wire-archive.ts';
import { wireBackfill } from './wire/wire-backfill.ts';
import { wireCompat } from './wire/wire-compat.ts';
import { type WireDemoOptions, wireDemo } from './wire/wire-demo.ts';
import { wireFigures } from './wire/wire-figures.ts';
import { limitsByClass, wireIssuing } from './wire/wire-issuing.ts';
import { wireLedger } from './wire/wire-ledger.ts';
import { wireOperators } from './wire/wire-operators.ts';
import { wireReasonSource } from './wire/wire-reason-source.ts';
import { wireReconcile } from './wire/wire-reconcile.ts';
import { wireSignals } from './wire/wire-signals.ts';
import { wireSteering } from './wire/wire-steering.ts';
import { wireUnread } from './wire/wire-unread.ts';

export interface WireOptions {
  settings: Settings;
  clock: Clock;
  log: LoggerHandle;
  version: string;
  /** Built-in logins, such as those of demo mode. */
  bearerSources?: readonly BearerSource[];
  /** An app login that works, to be shown in an example; default: none. */
  exampleLogin?: string | null;
  /** The pages of demo mode; default: none. */
  demoSite?: WireDemoOptions['site'];
}

/** A wired gateway; nothing listens yet. */
export interface Gateway {
  app: ReturnType<typeof createApp>;
  /** Its `drain` ends everything, also where nothing listens. */
  server: GatewayServer;
  metrics: Metrics;
  metricsServer: MetricsServer;
  ledger: Ledger;
  issueToken: IssueToken;
  /** Begins the work that nobody asks for, such as alerts. Called when `server` listens. */
  start(): void;
  logins: OneTimeLogins;
  /** Tells apart the identity secrets of two installations without giving one away. */
  identityFingerprint: string;
  /** Why the ledger does not answer, as far as can be found out; null when nothing is found, or it is no Redis. */
  explainLedgerSilence(): Promise<string | null>;
}

/** How long a load balancer gets to see `/readyz` say no before the door closes, in production, ms. */
const DRAIN_DELAY_MS = 5_000;
/** When requests still in flight at shutdown are cut off, ms. */
const DRAIN_TIMEOUT_MS = 10_000;

/** Stops a backend that runs wild, in each process; the people it asks for have limits of their own. */
const BACKEND_REQUESTS_PER_MINUTE = 60_000;

/** The one place where parts are made and joined. */
export function wire(options: WireOptions): Gateway {
  const { settings, clock, log, version, bearerSources = [], exampleLogin = null, demoSite = null } = options;
  const { logger } = log;
  // First: a start that ends here must not leave a connection behind.
  const journals = settings.journal && openJournals(settings.journal);
  const serviceNames = settings.services.map(({ name }) => name);
  const metrics: Metrics = createMetrics({
    ...{ version, services: serviceNames, alertTargets: settings.alerts.targets.map(({ name }) => name) },
    fill: () => readFill(ledger, serviceNames, clock, figures.watch),
  });
  const store = wireLedger({ settings, clock, journals, logger, metrics });
  const { ledger, journal } = store;

  const limits = wireLimits(settings.ledger, clock);
  const failedAuthentications = wireFailures(settings, limits, clock);
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

  const issuing = wireIssuing(settings, { clock, ledger, humanCheck: guests.humanCheck });
  const issueToken = createIssueToken({
    ...issuing,
    authenticator,
    limiter,
    perMinute: limitsByClass(settings),
    resolveIdentity,
    reasonSource: wireReasonSource(settings),
    guestAdoption: wireGuestAdoption(settings, guests, { resolveIdentity, ledger }),
    onDecision: createDecisionSink(logger, metrics),
  });

  const lastSeen = createLastSeen(clock);
  const readiness = createReadiness([
    createLedgerCheck(ledger, serviceNames, clock, settings.ledger.kind === 'redis' ? journal : null),
  ]);
  const operators = wireOperators({
    ...{ settings, ledger, clock, limits, failedAuthentications, exampleLogin, logger },
    alertTester: wireAlertTester(settings, clock),
    reconciler: () => reconcile.reconciler,
    forecastLooks: () => figures.watch,
    gateway: createGatewayState({
      ...{ version, clock, ledger: settings.ledger, services: settings.services, journal, limits },
      readSeen: lastSeen.read,
    }),
  });
  const backfill = wireBackfill({ settings, ledger, clock, logger, gate: operators.gate });
  const reconcile = wireReconcile({ settings, ledger, clock, logger, gate: operators.gate });
  const archive = wireArchive({
    ...{ settings, ledger, clock, logger, gate: operators.gate },
    ...{ closings: reconcile.closings, publicKeys: reconcile.publicKeys },
  });
  const figures = wireFigures({ settings, ledger, clock, gate: operators.gate, logger });
  const origins = createOrigins(settings.publicUrl, settings.corsOrigins, isLocal(settings));
  const signals = wireSignals({
    ...{ ...store, settings, clock, limits, logger },
    metrics: lastSeen.watch(metrics),
  });
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
    webhooks: signals.webhooks,
    publicKeys: reconcile.publicKeys,
    routers: {
      ...wireGuestRoutes(
        guests,
        { authenticator, resolveIdentity, ledger, limiter, newGuests },
        { origins, clock, services: serviceNames, failedAuthentications },
      ),
      months: operators.months,
      ops: operators.ops,
      extra: [
        ...operators.routes,
        ...reconcile.routes,
        ...archive.routes,
        ...backfill.routes,
        ...figures.routes,
        ...wireSteering({ settings, ledger, gate: operators.gate, issuing }),
        ...signals.routes,
        ...wireDemo({ site: demoSite, settings, ledger, clock }),
        ...wireCompat({
          ...{ settings, issueToken, origins, failedAuthentications },
          ...{ guestCookie: guests.cookie, countDenied: metrics.countDenied },
        }),
        wireUnread({
          ...{ settings, clock, ledger, origins },
          ...{ authenticator, resolveIdentity, failedAuthentications },
        }),
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
    beforeDrain: operators.endStreams,
    afterDrain: [
      () => alerts.stop(),
      () => figures.watch.stop(),
      () => reconcile.schedule.stop(),
      () => archive.stop(),
      () => backfill.stop(),
      async () => journal?.stop(),
      () => limits.close(),
      () => ledger.close(),
      () => closeIfListening(metricsServer),
      () => log.flush(),
    ],
  });
  const start = () => {
    for (const work of [alerts, journal, figures.watch, reconcile.schedule, archive]) work?.start();
  };
  server.http.once('listening', start);
  return {
    app,
    server,
    metrics,
    metricsServer,
    start,
    ledger,
    issueToken,
    logins: operators.logins,
    identityFingerprint: fingerprintOf(settings.identity),
    explainLedgerSilence: async () =>
      settings.ledger.kind === 'redis' ? explainSilence(settings.ledger) : null,
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
