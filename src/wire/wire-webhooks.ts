import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createWebhookRoutes } from '../http/routes/webhooks.ts';
import { createClassByPrefix } from '../signals/class-by-prefix.ts';
import type { RecordEvidence } from '../signals/ports.ts';
import { createTakeWebhook } from '../signals/webhook/take-webhook.ts';
import { createWebhookEventSink } from '../telemetry/evidence-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createWebhookSignatures } from '../twilio/webhook-signatures.ts';

export interface WireWebhooksOptions {
  settings: Pick<Settings, 'webhooks' | 'publicUrl' | 'services' | 'classes' | 'identity'>;
  recordEvidence: RecordEvidence;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** Webhooks are taken only where their signatures can be checked. */
export function wireWebhooks({ settings, recordEvidence, clock, logger, metrics }: WireWebhooksOptions) {
  const { webhooks, publicUrl, services, classes, identity } = settings;
  if (webhooks === null || publicUrl === null) return createWebhookRoutes({ webhooks: null, clock });
  const { authToken, previousAuthToken } = webhooks;
  const authTokens = previousAuthToken === null ? [authToken] : [authToken, previousAuthToken];
  const takeWebhook = createTakeWebhook({
    signatures: createWebhookSignatures(authTokens),
    services,
    classOf: createClassByPrefix(identity.strategy === 'opaque' ? classes : []),
    recordEvidence,
    onEvent: createWebhookEventSink(logger, metrics),
  });
  return createWebhookRoutes({ webhooks: { takeWebhook, publicUrl }, clock });
}
