import type { FakeEvent } from '../model/fake-event.ts';

/** A CloudEvent as Event Streams sends it. */
export interface FakeCloudEvent {
  specversion: '1.0';
  type: string;
  source: string;
  id: string;
  time: string;
  dataschema: string;
  datacontenttype: 'application/json';
  data: Record<string, unknown>;
}

const TYPE = /^on(ConversationState|Conversation|Message|Participant|User)(Added|Updated|Removed)$/;

/** Fields of webhooks that Event Streams does not document. */
const LEFT_OUT = ['ChatServiceSid', 'LastReadMessageIndex'];

/**
 * The twin of a webhook; null for events that Event Streams does not carry. It names neither client nor source.
 * https://www.twilio.com/docs/events/event-types/conversations/message
 */
export function buildEventMessage(accountSid: string, event: FakeEvent, id: string): FakeCloudEvent | null {
  const [, subject, verb] = TYPE.exec(event.type) ?? [];
  if (subject === undefined || verb === undefined) return null;
  const dashed = subject.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return {
    specversion: '1.0',
    type: `com.twilio.conversations.${dashed}.${verb.toLowerCase()}`,
    source: `DG${'0'.repeat(31)}1`,
    id,
    time: new Date(event.at).toISOString(),
    dataschema: `https://events-schemas.twilio.com/Conversations.${subject}${verb}/2`,
    datacontenttype: 'application/json',
    data: { AccountSid: accountSid, ...dataOf(event.fields) },
  };
}

function dataOf(fields: FakeEvent['fields']): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  const binding: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || LEFT_OUT.includes(name)) continue;
    if (name.startsWith('MessagingBinding.')) binding[name.slice(17)] = value;
    else if (name === 'Attributes') data[name] = JSON.parse(value);
    else if (name === 'Index') data[name] = Number(value);
    else if (name === 'Body') data['MessageBody'] = value;
    else if (name === 'isOnline' || name === 'isNotifiable') data[`I${name.slice(1)}`] = value === 'true';
    else data[name] = value;
  }
  if (Object.keys(binding).length > 0) data['MessagingBinding'] = binding;
  return data;
}
