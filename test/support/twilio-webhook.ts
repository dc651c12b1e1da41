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
