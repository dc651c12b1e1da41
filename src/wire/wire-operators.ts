import { createOperatorAuthenticator } from '../auth/operator-keys.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createOperatorGate } from '../http/operators.ts';
import { createAlertRoutes } from '../http/routes/alerts.ts';
import { createMonthRoutes } from '../http/routes/months.ts';
import { createOpsRoutes } from '../http/routes/ops.ts';
import type { PersonLimiter } from '../issue/ports.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createOneTimeLogins } from '../ops/one-time-logins.ts';
import { createOperatorSessions } from '../ops/operator-sessions.ts';
import type { Limits } from './limits.ts';

/** Stops a script that runs wild; a person with a dashboard and a few scripts stays far below. */
const OPERATOR_REQUESTS_PER_MINUTE = 1_200;

export interface WireOperatorsOptions {
  settings: Settings;
  ledger: Ledger;
  clock: Clock;
  limits: Limits;
  failedAuthentications: PersonLimiter;
}

/** Who operators are, and what they read. */
export function wireOperators({
  settings,
  ledger,
  clock,
  limits,
  failedAuthentications,
}: WireOperatorsOptions) {
  const authenticate = createOperatorAuthenticator(settings.operators);
  const sessions = createOperatorSessions(settings.cookieSecrets);
  const logins = createOneTimeLogins(clock);
  const { publicUrl, demo } = settings;
  const gate = createOperatorGate({
    ...{ authenticate, sessions, clock, publicUrl, failedAuthentications },
    operatorRequests: limits.perMinute('operator-requests', OPERATOR_REQUESTS_PER_MINUTE),
  });
  const shared = {
    ...{ ledger, clock, gate },
    services: settings.services.map(({ name }) => name),
    classes: settings.classes.map(({ name }) => name),
  };
  return {
    gate,
    logins,
    months: createMonthRoutes(shared),
    ops: createOpsRoutes({
      ...{ ...shared, sessions, logins, authenticate, publicUrl, demo },
      keysConfigured: settings.operators.length > 0,
    }),
    /** Further routers with the paths that they are mounted at. */
    routes: [['/v1/alerts', createAlertRoutes(shared)] as const],
  };
}
