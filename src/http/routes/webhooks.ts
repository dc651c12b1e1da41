import { Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import { refused } from '../../domain/refusal.ts';
import type { TakeWebhook } from '../../signals/webhook/take-webhook.ts';
import { sendFresh } from '../send-json.ts';
import { readSignedRequest, readTwilioForm } from '../twilio-request.ts';

export interface WebhookRoutesDeps {
  /** Null when nothing is configured to check signatures with. */
  webhooks: { takeWebhook: TakeWebhook; publicUrl: string } | null;
  clock: Clock;
}

/** `POST /v1/webhooks/twilio`: post-action webhooks of Conversations. To be mounted at `/v1/webhooks/twilio`. */
export function createWebhookRoutes({ webhooks, clock }: WebhookRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.post('/', async (request, response, next) => {
    if (webhooks === null) return next(refused('not-found', { detail: 'Webhooks are not set up here.' }));
    const { takeWebhook, publicUrl } = webhooks;
    const form = await readTwilioForm(request);
    if ('outcome' in form) return next(form);
    const { params } = form;
    const refusal = await takeWebhook({ ...readSignedRequest(request, publicUrl, clock.now()), params });
    if (refusal !== null) return next(refusal);
    // What a pre-action webhook, sent here by mistake, takes for consent.
    sendFresh(response, {});
  });

  return router;
}
