import { createHash } from 'node:crypto';
import express, { type Express } from 'express';
import { createOperatorAuthenticator } from '../../src/auth/operator-keys.ts';
import { parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { createOperatorGate } from '../../src/http/operators.ts';
import { createProblemHandler } from '../../src/http/problem-handler.ts';
import { createMonthRoutes } from '../../src/http/routes/months.ts';
import { createOpsRoutes } from '../../src/http/routes/ops.ts';
import { refuseUnmatched } from '../../src/http/unmatched.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { createOneTimeLogins, type OneTimeLogins } from '../../src/ops/one-time-logins.ts';
import { OPERATOR_ROLES } from '../../src/ops/operator.ts';
import { createOperatorSessions, type OperatorSessions } from '../../src/ops/operator-sessions.ts';
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
}

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
  const gate = createOperatorGate({ authenticate, sessions, clock, failedAuthentications, publicUrl });
  const services = ['default', 'shop'].map((name) => parseServiceName(name) as ServiceName);
  const months = { ledger, clock, gate, services, classes: ['member', 'guest'] };

  const app = express();
  app.disable('etag');
  app.use('/v1/months', createMonthRoutes(months));
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
