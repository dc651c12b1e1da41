import type { FakeUserConversation, FakeUserConversations } from './fake-records.ts';
import { addressOf, type FakeAnswer } from './rest/answers.ts';
import { fakePage } from './rest/pages.ts';

const PATH = /^\/v1\/Services\/([^/]+)\/Users\/([^/]+)\/Conversations$/;

/** `GET /v1/Services/{IS}/Users/{identity}/Conversations` of a user whose conversations are given outright, else null. */
export function answerGiven(accountSid: string, given: FakeUserConversations, url: URL): FakeAnswer | null {
  const [, service = '', identity = ''] = PATH.exec(url.pathname)?.map(decodeURIComponent) ?? [];
  const conversations = given[service]?.[identity];
  if (conversations === undefined) return null;
  const items = conversations.map((conversation) => bodyOf(accountSid, service, identity, conversation));
  return fakePage({ key: 'conversations', items, url });
}

function bodyOf(
  accountSid: string,
  serviceSid: string,
  identity: string,
  { conversationSid, state, unread }: FakeUserConversation,
): object {
  const path = `/Services/${serviceSid}/Users/${encodeURIComponent(identity)}/Conversations/${conversationSid}`;
  return {
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
    url: addressOf(path),
    links: {},
  };
}
