import type { Clock } from '../../domain/clock.ts';
import { refused } from '../../domain/refusal.ts';
import type { TakeWebhook } from '../../signals/webhook/take-webhook.ts';
import { createDirectRoute, type DirectRouteDeps } from '../direct-route.ts';
import type { DirectHandler } from '../shortcuts.ts';
import { readSignedRequest, readTwilioForm } from '../twilio-request.ts';

export const WEBHOOKS_PATH = '/v1/webhooks/twilio';

/** What takes webhooks; null when nothing is configured to check signatures with. */
export type WebhookIntake = { takeWebhook: TakeWebhook; publicUrl: string } | null;

export interface WebhooksRouteDeps extends DirectRouteDeps {
  webhooks: WebhookIntake;
  clock: Clock;
}

/** `POST /v1/webhooks/twilio`: post-action webhooks of Conversations. */
export function createWebhooksRoute({ webhooks, clock, ...deps }: WebhooksRouteDeps): DirectHandler {
  return createDirectRoute(WEBHOOKS_PATH, deps, async (request) => {
    if (webhooks === null) return refused('not-found', { detail: 'Webhooks are not set up here.' });
    const { takeWebhook, publicUrl } = webhooks;
    const form = await readTwilioForm(request);
    if ('outcome' in form) return form;
    const { params } = form;
    // Consent, when a pre-action webhook is sent here by mistake.
    return takeWebhook({ ...readSignedRequest(request, publicUrl, clock.now()), params });
  });
}
