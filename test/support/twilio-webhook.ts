import { createHash } from 'node:crypto';
import twilio from 'twilio';

/** A form of one post-action event, as Twilio sends it. */
export type WebhookForm = Record<string, string>;

export const AUTH_TOKEN = 'auth-token-that-nobody-may-see-01';
export const PREVIOUS_AUTH_TOKEN = 'auth-token-that-nobody-may-see-00';

/** What Twilio would put into `X-Twilio-Signature`. */
export function signWebhook(url: string, form: WebhookForm, authToken = AUTH_TOKEN): string {
  return twilio.getExpectedTwilioSignature(authToken, url, form);
}

/** A form with the fields that all events have. */
export function webhookForm(accountSid: string, eventType: string, fields: WebhookForm = {}): WebhookForm {
  return {
    ...{ AccountSid: accountSid, EventType: eventType, Source: 'SDK', RetryCount: '0' },
    ConversationSid: `CH${'1'.repeat(32)}`,
    ...fields,
  };
}

/** The address of a delivery of Event Streams, which holds the hash of the body, and its signature. */
export function signBatch(url: string, body: string, authToken = AUTH_TOKEN) {
  const hash = createHash('sha256').update(body).digest('hex');
  const hashed = `${url}${url.includes('?') ? '&' : '?'}bodySHA256=${hash}`;
  return { url: hashed, signature: twilio.getExpectedTwilioSignature(authToken, hashed, {}) };
}

/** A CloudEvent as Twilio's pages show them. */
export function cloudEvent(accountSid: string, type: string, data: Record<string, unknown> = {}) {
  return {
    ...{ specversion: '1.0', type: `com.twilio.conversations.${type}`, source: `AB${'0'.repeat(32)}` },
    ...{ id: `NO${'0'.repeat(32)}`, datacontenttype: 'application/json' },
    dataschema: 'https://events-schemas.twilio.com/Conversations/2',
    data: { AccountSid: accountSid, ConversationSid: `CH${'1'.repeat(32)}`, ...data },
  };
}
