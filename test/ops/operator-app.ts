import { createHash } from 'node:crypto';
import express, { type Express } from 'express';
import { createOperatorAuthenticator } from '../../src/auth/operator-keys.ts';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { monthOf } from '../../src/domain/month.ts';
import { parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { createOperatorGate } from '../../src/http/operators.ts';
import { createProblemHandler } from '../../src/http/problem-handler.ts';
import { createAlertRoutes } from '../../src/http/routes/alerts.ts';
import { createEventRoutes, type StreamBounds } from '../../src/http/routes/events.ts';
import { createMonthFigureRoutes } from '../../src/http/routes/month-figures.ts';
import { createMonthRoutes } from '../../src/http/routes/months.ts';
import { createOpsRoutes } from '../../src/http/routes/ops.ts';
import { createSteeringRoutes, type SteeringRoutesDeps } from '../../src/http/routes/steering.ts';
import { refuseUnmatched } from '../../src/http/unmatched.ts';
import type { ExplainToken } from '../../src/issue/explain-token.ts';
import { createIdentityResolver } from '../../src/issue/resolve-identity.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import type { AlertTester } from '../../src/ops/alert-tests.ts';
import { createEndedSessions, type EndedSessions } from '../../src/ops/ended-sessions.ts';
import type { ForecastLooks } from '../../src/ops/forecast-looks.ts';
import type { GatewayState, GatewayStateSource } from '../../src/ops/gateway-state.ts';
import { createLiveMonths } from '../../src/ops/live-months.ts';
import { createOneTimeLogins, type OneTimeLogins } from '../../src/ops/one-time-logins.ts';
import { OPERATOR_ROLES } from '../../src/ops/operator.ts';
import type { OperatorOidc } from '../../src/ops/operator-oidc.ts';
import {
  createOperatorSessions,
  type OperatorSessions,
  type OperatorSessionsOptions,
} from '../../src/ops/operator-sessions.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { SetupFinding, UsageSource } from '../../src/reconcile/ports.ts';
import { createReconciler } from '../../src/reconcile/reconciler.ts';
import { createMonthReports } from '../../src/reports/month-reports.ts';
import { createBlockDesk } from '../../src/steering/block-desk.ts';
import { createBudgetDesk } from '../../src/steering/budget-desk.ts';
import { createErasureDesk } from '../../src/steering/erasure-desk.ts';
import { createFreezeDesk } from '../../src/steering/freeze-desk.ts';
import { createNoteDesk } from '../../src/steering/note-desk.ts';
import { createRaiseDesk } from '../../src/steering/raise-desk.ts';
import { RECKONING } from '../reports/shipped.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { plantSecrets } from '../support/planted-secrets.ts';

export const NOW = '2026-11-20T21:00:00.123Z';

const SECRETS = {
  COOKIE_SECRET: 'cookie-secret',
  COOKIE_PREVIOUS_SECRET: 'old-cookie-secret',
  IDENTITY_SECRET: 'an identity secret of at least 32 bytes',
  VIEWER_KEY: 'viewer-key',
  FINANCE_KEY: 'finance-key',
  ADMIN_KEY: 'admin-key',
};

/** Authorization headers of one operator of each role; the key is the role's name. */
export const VIEWER = { Authorization: 'Bearer viewer-key' };
export const FINANCE = { Authorization: 'Bearer finance-key' };
export const ADMIN = { Authorization: 'Bearer admin-key' };

export interface OperatorApp {
  app: Express;
  ledger: Ledger;
  clock: SettableClock;
  sessions: OperatorSessions;
  logins: OneTimeLogins;
  endStreams: () => void;
}

export interface OperatorAppOptions {
  /** Takes the place of parts of the ledger, such as of a read that fails. */
  ledger?: Partial<Ledger>;
  publicUrl?: string;
  demo?: boolean;
  keysConfigured?: boolean;
  failuresPerMinute?: number;
  requestsPerMinute?: number;
  explainToken?: ExplainToken;
  ended?: EndedSessions;
  grantOf?: OperatorSessionsOptions['grantOf'];
  oidc?: OperatorOidc;
  streams?: Partial<StreamBounds>;
  /** What Twilio would say. */
  usage?: UsageSource;
  /** What is wrong with the setup at Twilio; default: nothing. */
  setup?: SetupFinding[];
  /** Who is told of alerts; default: nobody. */
  alertTester?: AlertTester;
  /** When forecasts are looked at; default: every ten minutes, and now. */
  forecastLooks?: ForecastLooks;
  /** What runs here. */
  gateway?: GatewayStateSource;
  /** Whether every call of the ledger fails now. */
  spoil?: () => boolean;
}

export const TEST_POLICY: Policy = {
  intents: { open_chat: 'allow', notification: 'needs-reason', page_load: 'deny', refresh: 'known-only' },
  ...{ shadow: [], requireOrigin: false, crawlers: true, monthTurnQuietSeconds: 900 },
};

/** The operator routes over an embedded ledger in memory, with the services `default` and `shop`. */
export function createOperatorApp(options: OperatorAppOptions = {}): OperatorApp {
  plantSecrets(SECRETS);
  const clock = settableClock(Date.parse(NOW));
  const real = openSqliteLedger({ path: ':memory:' });
  const ledger = overlay(real, options.ledger ?? {}, options.spoil ?? (() => false));
  const publicUrl = options.publicUrl ?? null;
  const keysConfigured = options.keysConfigured ?? true;
  const keys = OPERATOR_ROLES.map((role) => ({ name: `the ${role}`, role, sha256: sha256(`${role}-key`) }));
  const authenticate = createOperatorAuthenticator(keysConfigured ? keys : []);
  const sessions = createOperatorSessions({
    secrets: { current: SECRETS.COOKIE_SECRET, previous: SECRETS.COOKIE_PREVIOUS_SECRET },
    ended: options.ended ?? createEndedSessions(clock),
    grantOf: options.grantOf ?? (() => 'known'),
  });
  const logins = createOneTimeLogins(clock);
  const failedAuthentications = createRateLimiter({ perMinute: options.failuresPerMinute ?? 20, clock });
  const operatorRequests = createRateLimiter({ perMinute: options.requestsPerMinute ?? 600, clock });
  const gate = createOperatorGate({
    ...{ authenticate, sessions, clock, failedAuthentications, operatorRequests, publicUrl },
  });
  const services = ['default', 'shop'].map((name) => parseServiceName(name) as ServiceName);
  const months = { ledger, clock, gate, services, classes: ['member', 'guest'], reckoning: RECKONING };

  const reports = createMonthReports(months);
  const app = express();
  app.disable('etag');
  app.use('/v1/months', createMonthRoutes(months));
  app.use('/v1/months', createMonthFigureRoutes({ ...months, guestClass: 'guest' }));
  app.use('/v1/alerts', createAlertRoutes(months));
  for (const [path, router] of steeringRoutes(options, { ledger, clock, gate, services })) {
    app.use(path, router);
  }
  app.use(
    '/ops',
    createOpsRoutes({
      ...months,
      ...{ sessions, logins, authenticate, keysConfigured, publicUrl },
      demo: options.demo ?? false,
      oidc: options.oidc ?? null,
      guestClass: 'guest',
      exampleLogin: null,
      ranks: RANKS,
      intents: Object.keys(TEST_POLICY.intents),
      alertTester: options.alertTester ?? { targets: [], send: async () => [] },
      forecastLooks: () => options.forecastLooks ?? { everyMs: 600_000, nextLookAt: () => null },
      gateway: options.gateway ?? gatewayState(clock.now()),
      reconciler: () =>
        createReconciler({
          ...{ ledger, reports, clock, category: 'pchat-users', ruleSets: RECKONING.ruleSets },
          usage: options.usage ?? { readMonth: async () => null, listTriggers: async () => [] },
          people: { list: () => Promise.reject(new Error('nobody asks for people here')) } as never,
          setup: { judge: async () => options.setup ?? [] },
          siblings: () => [],
          onEvent: () => {},
        }),
      issuers: PEOPLE.issuers,
      desks: {
        budgets: createBudgetDesk({ ledger, clock, classes: RANKS }),
        raises: createRaiseDesk({ ledger, clock }),
        freezes: createFreezeDesk({ ledger, clock }),
        blocks: createBlockDesk({ ledger }),
        erasures: createErasureDesk({ ledger, ...PEOPLE }),
        notes: createNoteDesk({ ledger }),
      },
    }),
  );
  const live = createLiveMonths({
    read: (service) => reports.summary(service, monthOf(clock.now())),
    ...{ clock, readMs: 20, beatMs: 1_000, onFailure: () => {} },
  });
  const events = createEventRoutes({ gate, services, live, bounds: options.streams ?? {} });
  app.use('/v1/events', events.router);
  app.use(refuseUnmatched);
  app.use(createProblemHandler(publicUrl));
  const endStreams = () => {
    live.stop();
    events.close();
  };
  return { app, ledger, clock, sessions, logins, endStreams };
}

/** A process that has run for an hour and was told nothing yet. */
export function gatewayState(nowMs: number, changes: Partial<GatewayState> = {}): GatewayStateSource {
  return {
    read: () => ({
      ...{ version: '1.2.3', node: 'v20.20.2', startedAtMs: nowMs - 3_600_000, ledger: 'Redis Cluster' },
      store: 'Redis',
      ...{ journalBytes: null, seen: { webhook: null, beacon: null }, keys: {}, ...changes },
    }),
    readMemory: async () => ({ usedBytes: 3_500_000, bytesMax: null, servers: 3 }),
  };
}

const RANKS = { priorities: { member: 0, guest: 0, agent: 1 } };
const PREFIXES = { member: 'm_', guest: 'g_', agent: 'a_' };

/** The own identity of a member of `https://login.example`, as the routes derive it. */
export const resolveIdentity = createIdentityResolver({
  ...{ strategy: 'opaque', foldCase: false, prefixes: PREFIXES, rememberedMax: 1 },
  secret: SECRETS.IDENTITY_SECRET,
});

const PEOPLE = {
  resolveIdentity,
  issuers: ['https://login.example'],
  classes: Object.keys(PREFIXES),
  guestPrefix: 'g_',
  hasArchive: async () => false,
};

function steeringRoutes(
  { explainToken }: OperatorAppOptions,
  parts: Pick<SteeringRoutesDeps, 'ledger' | 'clock' | 'gate' | 'services'>,
) {
  return createSteeringRoutes({
    ...parts,
    people: PEOPLE,
    ranks: RANKS,
    policy: TEST_POLICY,
    reckoning: RECKONING,
    prefixes: Object.values(PREFIXES),
    explainToken: explainToken ?? (() => Promise.reject(new Error('no explanation was expected'))),
  });
}

function overlay(ledger: Ledger, parts: Partial<Ledger>, spoil: () => boolean): Ledger {
  const fail = () => Promise.reject(new GatewayError('ledger-unavailable', 'away, as the test asked for'));
  return new Proxy(ledger, {
    get(target, name) {
      if (spoil() && name !== 'close') return fail;
      const own: unknown = Reflect.get(parts, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
