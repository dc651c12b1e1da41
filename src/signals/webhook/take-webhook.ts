import { type Refusal, refused } from '../../domain/refusal.ts';
import type { WebhookEventSink, WebhookParams, WebhookSignatures } from '../ports.ts';
import type { CheckSignature, SignedRequest } from './check-signature.ts';
import type { TakeEvent } from './take-event.ts';

/** A post-action webhook as it came. */
export interface Webhook extends SignedRequest {
  params: WebhookParams;
  /** Query parameter `service` of the address, or null. */
  service: string | null;
}

/**
 * Takes a post-action webhook of Conversations; null when its sender need not know more. Safe to repeat: the same
 * event, in any order and however often, comes to the same ledger.
 *
 * @returns `forbidden` for a wrong signature or a foreign account
 * @throws GatewayError `ledger-unavailable` when evidence could be kept nowhere; Twilio shows it in its debugger
 */
export type TakeWebhook = (webhook: Webhook) => Promise<Refusal | null>;

export interface TakeWebhookParts {
  signatures: WebhookSignatures;
  checkSignature: CheckSignature;
  takeEvent: TakeEvent;
  onEvent: WebhookEventSink;
}

export function createTakeWebhook(parts: TakeWebhookParts): TakeWebhook {
  const { signatures, checkSignature, takeEvent, onEvent } = parts;
  return async (webhook) => {
    const { params, service, nowMs } = webhook;
    const signed = await checkSignature(webhook, (signature, url) =>
      signatures.verify(signature, url, params),
    );
    if (signed !== 'signed') {
      onEvent({ kind: 'counted', route: 'webhook', event: 'unverified', outcome: signed });
      return refused('forbidden', { detail: 'The signature of this webhook is missing or wrong.' });
    }
    const outcome = await takeEvent({ params, service, source: 'webhook', nowMs });
    if (outcome !== 'other-account') return null;
    return refused('forbidden', { detail: 'The webhook is about another account.' });
  };
}
