import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createEventStreamRoutes } from '../http/routes/event-streams.ts';
import { createGuardRoutes } from '../http/routes/guard-webhooks.ts';
import type { JoiningLedger } from '../ledger/ledger.ts';
import { createClassByPrefix } from '../signals/class-by-prefix.ts';
import { createTakeEventStream } from '../signals/event-stream/take-event-stream.ts';
import { createTakeGuardWebhook } from '../signals/guard/take-guard-webhook.ts';
import type { RecordEvidence } from '../signals/ports.ts';
import { createCheckSignature } from '../signals/webhook/check-signature.ts';
import { createTakeEvent } from '../signals/webhook/take-event.ts';
import { createTakeWebhook } from '../signals/webhook/take-webhook.ts';
import { createWebhookEventSink } from '../telemetry/evidence-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createWebhookSignatures } from '../twilio/webhook-signatures.ts';

export interface WireWebhooksOptions {
  settings: Pick<Settings, 'webhooks' | 'publicUrl' | 'services' | 'classes' | 'identity'>;
  ledger: JoiningLedger;
  recordEvidence: RecordEvidence;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** What Twilio calls: post-action webhooks, and the rest as routers with the paths that they are mounted at. */
export function wireWebhooks(options: WireWebhooksOptions) {
  const { clock, logger, metrics } = options;
  const taking = wireTaking(options);
  return {
    webhooks: taking,
    routes: [
      [
        '/v1/webhooks/twilio/guard',
        createGuardRoutes({
          ...{ guard: taking, clock, count: metrics.countGuard },
          onFailure: (failure) => logger.error({ event: 'guard.failed', err: failure }),
        }),
      ] as const,
      ['/v1/webhooks/twilio/event-streams', createEventStreamRoutes({ eventStream: taking, clock })] as const,
    ],
  };
}

/** Null where signatures cannot be checked. */
function wireTaking({ settings, ledger, recordEvidence, logger, metrics }: WireWebhooksOptions) {
  const { webhooks, publicUrl, services, classes, identity } = settings;
  if (webhooks === null || publicUrl === null) return null;
  const { authToken, previousAuthToken } = webhooks;
  const onEvent = createWebhookEventSink(logger, metrics);
  const classOf = createClassByPrefix(identity.strategy === 'opaque' ? classes : []);
  const shared = {
    signatures: createWebhookSignatures(
      previousAuthToken === null ? [authToken] : [authToken, previousAuthToken],
    ),
    checkSignature: createCheckSignature(onEvent),
    takeEvent: createTakeEvent({ services, classOf, recordEvidence, onEvent }),
    onEvent,
  };
  return {
    publicUrl,
    takeWebhook: createTakeWebhook(shared),
    takeEventStream: createTakeEventStream(shared),
    takeGuardWebhook: createTakeGuardWebhook({ ...shared, services, classOf, ledger }),
  };
}
