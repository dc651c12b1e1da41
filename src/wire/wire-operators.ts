import { createOperatorAuthenticator } from '../auth/operator-keys.ts';
import { createOpsOidc } from '../auth/ops-oidc.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { Limiter } from '../domain/limiter.ts';
import { monthOf } from '../domain/month.ts';
import { createOperatorGate } from '../http/operators.ts';
import { createAlertRoutes } from '../http/routes/alerts.ts';
import { createEventRoutes } from '../http/routes/events.ts';
import { createMonthRoutes } from '../http/routes/months.ts';
import { createOpsRoutes } from '../http/routes/ops.ts';
import type { ClassRanks } from '../ledger/budget-input.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { AlertTester } from '../ops/alert-tests.ts';
import type { ForecastLooks } from '../ops/forecast-looks.ts';
import type { GatewayStateSource } from '../ops/gateway-state.ts';
import { createLiveMonths } from '../ops/live-months.ts';
import { createOneTimeLogins } from '../ops/one-time-logins.ts';
import type { Reconciler } from '../reconcile/reconciler.ts';
import { createMonthReports } from '../reports/month-reports.ts';
import { createBlockDesk } from '../steering/block-desk.ts';
import { createBudgetDesk } from '../steering/budget-desk.ts';
import { createErasureDesk } from '../steering/erasure-desk.ts';
import { createFreezeDesk } from '../steering/freeze-desk.ts';
import { createNoteDesk } from '../steering/note-desk.ts';
import { createRaiseDesk } from '../steering/raise-desk.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createScheduleFailureSink } from '../telemetry/schedule-log.ts';
import type { Limits } from './limits.ts';
import { buildPeopleOfLists } from './people-of-lists.ts';
import { wireSessions } from './wire-sessions.ts';

/** Stops a script that runs wild; a person with a dashboard and a few scripts stays far below. */
const OPERATOR_REQUESTS_PER_MINUTE = 1_200;

export interface WireOperatorsOptions {
  settings: Settings;
  ledger: Ledger;
  clock: Clock;
  limits: Limits;
  failedAuthentications: Limiter;
  /** An app login that works, such as demo mode has, or null. */
  exampleLogin: string | null;
  /** Asked for when it is needed: it is made after this. */
  reconciler: () => Reconciler;
  /** The same. */
  forecastLooks: () => ForecastLooks;
  /** What runs here. */
  gateway: GatewayStateSource;
  alertTester: AlertTester;
  logger: Logger;
}

/** Who operators are, and what they read. */
export function wireOperators({
  settings,
  ledger,
  clock,
  limits,
  failedAuthentications,
  exampleLogin,
  reconciler,
  forecastLooks,
  gateway,
  alertTester,
  logger,
}: WireOperatorsOptions) {
  const authenticate = createOperatorAuthenticator(settings.operators);
  const sessions = wireSessions(settings, clock, limits);
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
    reckoning: settings.reckoning,
  };
  const ranks = {
    priorities: Object.fromEntries(settings.classes.map(({ name, priority }) => [name, priority])),
  };
  const people = buildPeopleOfLists(settings, ledger, clock);
  const reports = createMonthReports(shared);
  const live = createLiveMonths({
    read: (service) => reports.summary(service, monthOf(clock.now())),
    clock,
    onFailure: createScheduleFailureSink(logger, 'live-figures'),
  });
  const events = createEventRoutes({ gate, services: shared.services, live });
  return {
    gate,
    logins,
    months: createMonthRoutes(shared),
    ops: createOpsRoutes({
      ...{ ...shared, sessions, logins, authenticate, publicUrl, demo, exampleLogin, reconciler },
      ...{ gateway, alertTester, forecastLooks, ranks, intents: Object.keys(settings.intents) },
      oidc: settings.operatorOidc === null ? null : createOpsOidc(settings.operatorOidc),
      keysConfigured: settings.operators.length > 0,
      guestClass: settings.guests.className,
      desks: wireDesks(ranks, ledger, clock, people),
      issuers: people.issuers,
    }),
    /** Further routers with the paths that they are mounted at. */
    routes: [['/v1/alerts', createAlertRoutes(shared)] as const, ['/v1/events', events.router] as const],
    /** Ends what would keep requests open, so that the gateway can stop. */
    endStreams() {
      live.stop();
      events.close();
    },
  };
}

/** The same desks as those of the operator API, which keep nothing of their own. */
function wireDesks(
  ranks: ClassRanks,
  ledger: Ledger,
  clock: Clock,
  people: ReturnType<typeof buildPeopleOfLists>,
) {
  return {
    budgets: createBudgetDesk({ ledger, clock, classes: ranks }),
    raises: createRaiseDesk({ ledger, clock }),
    freezes: createFreezeDesk({ ledger, clock }),
    blocks: createBlockDesk({ ledger }),
    erasures: createErasureDesk({ ledger, ...people }),
    notes: createNoteDesk({ ledger }),
  };
}
