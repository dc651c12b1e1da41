import { createHash } from 'node:crypto';
import express, { type Express } from 'express';
import { createOperatorAuthenticator } from '../../src/auth/operator-keys.ts';
import { parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { createOperatorGate } from '../../src/http/operators.ts';
import { createProblemHandler } from '../../src/http/problem-handler.ts';
import { createAlertRoutes } from '../../src/http/routes/alerts.ts';
import { createMonthRoutes } from '../../src/http/routes/months.ts';
import { createOpsRoutes } from '../../src/http/routes/ops.ts';
import { createSteeringRoutes, type SteeringRoutesDeps } from '../../src/http/routes/steering.ts';
import { refuseUnmatched } from '../../src/http/unmatched.ts';
import type { ExplainToken } from '../../src/issue/explain-token.ts';
import { createIdentityResolver } from '../../src/issue/resolve-identity.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { createOneTimeLogins, type OneTimeLogins } from '../../src/ops/one-time-logins.ts';
import { OPERATOR_ROLES } from '../../src/ops/operator.ts';
import { createOperatorSessions, type OperatorSessions } from '../../src/ops/operator-sessions.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';

export const NOW = '2026-11-20T21:00:00.123Z';

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
}

export const TEST_POLICY: Policy = {
  intents: { open_chat: 'allow', notification: 'needs-reason', page_load: 'deny', refresh: 'known-only' },
  ...{ shadow: [], requireOrigin: false, crawlers: true, monthTurnQuietSeconds: 900 },
};

/** The operator routes over an embedded ledger in memory, with the services `default` and `shop`. */
export function createOperatorApp(options: OperatorAppOptions = {}): OperatorApp {
  const clock = settableClock(Date.parse(NOW));
  const real = openSqliteLedger({ path: ':memory:' });
  const ledger = overlay(real, options.ledger ?? {});
  const publicUrl = options.publicUrl ?? null;
  const keysConfigured = options.keysConfigured ?? true;
  const keys = OPERATOR_ROLES.map((role) => ({ name: `the ${role}`, role, sha256: sha256(`${role}-key`) }));
  const authenticate = createOperatorAuthenticator(keysConfigured ? keys : []);
  const sessions = createOperatorSessions({ current: 'cookie-secret', previous: 'old-cookie-secret' });
  const logins = createOneTimeLogins(clock);
  const failedAuthentications = createRateLimiter({ perMinute: options.failuresPerMinute ?? 20, clock });
  const operatorRequests = createRateLimiter({ perMinute: options.requestsPerMinute ?? 600, clock });
  const gate = createOperatorGate({
    ...{ authenticate, sessions, clock, failedAuthentications, operatorRequests, publicUrl },
  });
  const services = ['default', 'shop'].map((name) => parseServiceName(name) as ServiceName);
  const months = { ledger, clock, gate, services, classes: ['member', 'guest'] };

  const app = express();
  app.disable('etag');
  app.use('/v1/months', createMonthRoutes(months));
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
    }),
  );
  app.use(refuseUnmatched);
  app.use(createProblemHandler(publicUrl));
  return { app, ledger, clock, sessions, logins };
}

const PREFIXES = { member: 'm_', guest: 'g_', agent: 'a_' };

/** The own identity of a member of `https://login.example`, as the routes derive it. */
export const resolveIdentity = createIdentityResolver({
  ...{ strategy: 'opaque', foldCase: false, prefixes: PREFIXES, rememberedMax: 1 },
  secret: 'an identity secret of at least 32 bytes',
});

function steeringRoutes(
  { explainToken }: OperatorAppOptions,
  parts: Pick<SteeringRoutesDeps, 'ledger' | 'clock' | 'gate' | 'services'>,
) {
  return createSteeringRoutes({
    ...parts,
    people: {
      resolveIdentity,
      issuers: ['https://login.example'],
      classes: Object.keys(PREFIXES),
      guestPrefix: 'g_',
    },
    ranks: { priorities: { member: 0, guest: 0, agent: 1 } },
    policy: TEST_POLICY,
    prefixes: Object.values(PREFIXES),
    explainToken: explainToken ?? (() => Promise.reject(new Error('no explanation was expected'))),
  });
}

function overlay(ledger: Ledger, parts: Partial<Ledger>): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
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
