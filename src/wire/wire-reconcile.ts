import { setTimeout as pause } from 'node:timers/promises';
import { createPeopleCheck } from '../archive/people-check.ts';
import { sleepIdly } from '../async/sleep.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { OperatorGate } from '../http/operators.ts';
import { createClosingRoutes } from '../http/routes/closing.ts';
import { createManifestRoutes } from '../http/routes/manifest.ts';
import { createReconciliationRoutes } from '../http/routes/reconciliation.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createClosingDesk } from '../reconcile/closing-desk.ts';
import { createManifestDesk } from '../reconcile/manifest-desk.ts';
import { createPeopleSource } from '../reconcile/people-at-twilio.ts';
import { createPullDesk } from '../reconcile/pull-desk.ts';
import { createReconcileSchedule } from '../reconcile/reconcile-schedule.ts';
import { createReconciler } from '../reconcile/reconciler.ts';
import { createManifestKey, listPublicKeys } from '../reports/manifest-key.ts';
import { createMonthReports } from '../reports/month-reports.ts';
import { parseAddress } from '../signals/webhook/address.ts';
import { createNoteDesk } from '../steering/note-desk.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createReconcileEventSink } from '../telemetry/reconcile-log.ts';
import { createScheduleFailureSink } from '../telemetry/schedule-log.ts';
import { createTwilioHistory } from '../twilio/read-history.ts';
import { createUsageReader } from '../twilio/read-usage.ts';
import { wireSetup } from './wire-setup.ts';
import { wireTwilio } from './wire-twilio.ts';

/** Between two calls of a list; Twilio publishes limits of 30 a second. */
const PAUSE_MS = 100;

export interface WireReconcileOptions {
  settings: Settings;
  ledger: Ledger;
  clock: Clock;
  logger: Logger;
  gate: OperatorGate;
}

/** Months that are closed, their manifests, and Twilio's own figures beside the ledger's. */
export function wireReconcile({ settings, ledger, clock, logger, gate }: WireReconcileOptions) {
  const { services, reckoning, manifestSigningKey, manifestPreviousKeys, reconcile } = settings;
  const names = services.map(({ name }) => name);
  const reports = createMonthReports({
    ...{ ledger, clock, reckoning },
    classes: settings.classes.map(({ name }) => name),
  });
  const key = manifestSigningKey === null ? null : createManifestKey(manifestSigningKey);
  const twilio = wireTwilio(settings);
  const reconciler = createReconciler({
    ...{ ledger, reports, clock },
    usage: createUsageReader(twilio),
    people: createPeopleSource({
      lists: createTwilioHistory(twilio),
      identityOfAddress: parseAddress,
      pause: (signal) => pause(PAUSE_MS, undefined, { signal }),
    }),
    setup: wireSetup({ settings, ledger, clock, twilio }),
    category: reconcile.category,
    ruleSets: reckoning.ruleSets,
    siblings: (name) => siblingsOf(settings, name),
    onEvent: createReconcileEventSink(logger),
  });
  const schedule = createReconcileSchedule({
    ...{ ledger, reconciler, clock, everyHours: reconcile.everyHours },
    // A key of its own says that reading by itself is wanted.
    services: services.filter(({ restApiKey }) => restApiKey !== null).map(({ name }) => name),
    onFailure: createScheduleFailureSink(logger, 'reconcile'),
    sleep: sleepIdly,
  });
  const pulls = createPullDesk({
    ...{ reconciler, notes: createNoteDesk({ ledger }) },
    hasLostPeople: createPeopleCheck(ledger, clock),
  });
  const basis = { rules: reckoning.rules, prices: reckoning.prices };
  const closings = createClosingDesk({ ledger, reports, basis, key });
  const shared = { gate, clock, services: names };
  return {
    publicKeys: listPublicKeys(key, manifestPreviousKeys),
    schedule,
    closings,
    reconciler,
    routes: [
      [
        '/v1/months',
        createManifestRoutes({
          ...shared,
          manifests: createManifestDesk({ ledger, clock, key, rulesVersion: reckoning.rules.version }),
        }),
      ],
      ['/v1/months', createClosingRoutes({ ...shared, closings })],
      ['/v1/months', createReconciliationRoutes({ ...shared, reconciler, pulls })],
    ] as const,
  };
}

/** The other services whose people are in the same record. */
function siblingsOf({ services }: Settings, name: string) {
  const account = services.find((service) => service.name === name)?.accountSid;
  return services
    .filter((service) => service.name !== name && service.accountSid === account)
    .map((service) => service.name);
}
