import type { FakeEvent } from '../model/fake-event.ts';

/** The form of a post-action webhook. */
export function buildEventForm(accountSid: string, event: FakeEvent, retryCount = 0): Record<string, string> {
  const form: Record<string, string> = {
    AccountSid: accountSid,
    EventType: event.type,
    Source: event.source,
    RetryCount: String(retryCount),
  };
  if (event.client !== null) form['ClientIdentity'] = event.client;
  for (const [name, value] of Object.entries(event.fields)) if (value !== null) form[name] = value;
  return form;
}
