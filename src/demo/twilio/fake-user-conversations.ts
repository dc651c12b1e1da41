import { type FakeAnswer, fakeError, fakePage } from './fake-answers.ts';
import type { FakeRecords } from './fake-records.ts';

/** `GET /v1/Services/{IS}/Users/{identity}/Conversations` */
export function listUserConversations(
  { accountSid, users }: FakeRecords,
  url: URL,
  [serviceSid = '', identity = '']: readonly string[],
): FakeAnswer {
  const conversations = users[serviceSid]?.[identity];
  if (conversations === undefined) {
    return fakeError(404, 20404, `The requested resource ${url.pathname} was not found`);
  }
  const items = conversations.map(({ conversationSid, state, unread }) => ({
    account_sid: accountSid,
    chat_service_sid: serviceSid,
    conversation_sid: conversationSid,
    unread_messages_count: unread,
    last_read_message_index: unread === null ? null : 0,
    participant_sid: `MB${conversationSid.slice(2)}`,
    user_sid: 'US00000000000000000000000000000001',
    friendly_name: null,
    conversation_state: state,
    timers: {},
    attributes: '{}',
    date_created: '2026-11-01T00:00:00Z',
    date_updated: '2026-11-01T00:00:00Z',
    created_by: 'system',
    notification_level: 'default',
    unique_name: null,
    url: `https://conversations.twilio.com${url.pathname}/${conversationSid}`,
    links: {},
  }));
  return fakePage('conversations', items, url);
}
