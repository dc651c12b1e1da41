import { randomUUID } from 'node:crypto';
import { createPeopleCheck } from '../archive/people-check.ts';
import { sleep } from '../async/sleep.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { OperatorGate } from '../http/operators.ts';
import { createBackfillRoutes } from '../http/routes/backfill.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createBackfill } from '../signals/backfill/create-backfill.ts';
import { createPacedReads } from '../signals/backfill/paced-reads.ts';
import { createClassByPrefix } from '../signals/class-by-prefix.ts';
import { createBackfillDesk } from '../steering/backfill-desk.ts';
import { createBackfillEventSink } from '../telemetry/backfill-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createTwilioHistory } from '../twilio/read-history.ts';
import { wireTwilio } from './wire-twilio.ts';

export interface WireBackfillOptions {
  settings: Pick<Settings, 'services' | 'twilioRestUrl' | 'classes' | 'identity' | 'limits'>;
  ledger: Ledger;
  clock: Clock;
  gate: OperatorGate;
  logger: Logger;
}

/** Reading months at Twilio; nothing is read before it is ordered. */
export function wireBackfill({ settings, ledger, clock, gate, logger }: WireBackfillOptions) {
  const { services, classes, identity, limits } = settings;
  const backfill = createBackfill({
    history: createTwilioHistory(wireTwilio(settings)),
    paced: createPacedReads({
      perSecond: limits.twilioReadsPerSecond,
      elapsed: () => performance.now(),
      sleep,
    }),
    ledger,
    now: clock.now,
    owner: randomUUID(),
    classOf: createClassByPrefix(identity.strategy === 'opaque' ? classes : []),
    onEvent: createBackfillEventSink(logger),
  });
  const routes = createBackfillRoutes({
    ...{ gate, clock, backfill },
    services: services.map(({ name }) => name),
    desk: createBackfillDesk({
      ...{ ledger, ...backfill },
      hasLostPeople: createPeopleCheck(ledger, clock),
    }),
  });
  return { routes: [['/v1/months', routes] as const], stop: backfill.stop };
}
