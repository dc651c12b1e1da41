import type { FakeConversation, FakeParticipant, FakeService } from '../model/records.ts';
import { addressOf, type FakeAnswer, type FakeRead, fakeError, notFound, secondOf } from './answers.ts';
import { fakePage } from './pages.ts';
import { bindingOf } from './participants.ts';
import { findUser } from './users.ts';

/** `GET /v1/Services/{IS}/Users/{US or identity}/Conversations`: where somebody of chat is in, and what waits there. */
export function listUserConversations(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  const user = findUser(service, read.path[1] ?? '');
  if (service === undefined || user === null) return notFound(read);
  const items = memberships(service, ({ identity }) => identity === user.identity).map(
    ([conversation, participant]) => ({
      account_sid: read.model.account.sid,
      chat_service_sid: service.sid,
      conversation_sid: conversation.sid,
      unread_messages_count: unreadOf(conversation, participant),
      last_read_message_index: participant.lastReadIndex,
      participant_sid: participant.sid,
      user_sid: user.sid,
      friendly_name: conversation.friendlyName,
      conversation_state: conversation.state,
      timers: {},
      attributes: conversation.attributes,
      date_created: secondOf(conversation.createdAt),
      date_updated: secondOf(conversation.updatedAt),
      created_by: conversation.createdBy,
      notification_level: 'default',
      unique_name: conversation.uniqueName,
      url: addressOf(`/Services/${service.sid}/Users/${user.sid}/Conversations/${conversation.sid}`),
      links: linksOf(service, conversation, participant),
    }),
  );
  return fakePage({ key: 'conversations', items, url: read.url });
}

/** `GET /v1/Services/{IS}/ParticipantConversations?Identity|Address`; exactly one of the two. */
export function listParticipantConversations(read: FakeRead): FakeAnswer {
  const service = read.model.account.services.get(read.path[0] ?? '');
  if (service === undefined) return notFound(read);
  const identity = read.url.searchParams.get('Identity');
  const address = read.url.searchParams.get('Address');
  if ((identity === null) === (address === null)) {
    return fakeError(400, 50451, 'Either identity or address must be specified');
  }
  const isTheirs = (one: FakeParticipant) =>
    identity === null ? one.binding?.address === address : one.identity === identity;
  const items = memberships(service, isTheirs).map(([conversation, participant]) => ({
    account_sid: read.model.account.sid,
    chat_service_sid: service.sid,
    participant_sid: participant.sid,
    participant_user_sid: service.users.get(participant.identity ?? '')?.sid ?? null,
    participant_identity: participant.identity,
    participant_messaging_binding: bindingOf(participant),
    conversation_sid: conversation.sid,
    conversation_unique_name: conversation.uniqueName,
    conversation_friendly_name: conversation.friendlyName,
    conversation_attributes: conversation.attributes,
    conversation_date_created: secondOf(conversation.createdAt),
    conversation_date_updated: secondOf(conversation.updatedAt),
    conversation_created_by: conversation.createdBy,
    conversation_state: conversation.state,
    conversation_timers: {},
    links: linksOf(service, conversation, participant),
  }));
  return fakePage({ key: 'conversations', items, url: read.url });
}

function memberships(
  service: FakeService,
  isTheirs: (participant: FakeParticipant) => boolean,
): [FakeConversation, FakeParticipant][] {
  return [...service.conversations.values()].flatMap((conversation) => {
    const participant = conversation.participants.find(isTheirs);
    return participant === undefined
      ? []
      : [[conversation, participant] as [FakeConversation, FakeParticipant]];
  });
}

/** Null for a conversation that was never opened. */
function unreadOf({ messages }: FakeConversation, { lastReadIndex }: FakeParticipant): number | null {
  return lastReadIndex === null ? null : messages.length - 1 - lastReadIndex;
}

function linksOf(service: FakeService, conversation: FakeConversation, participant: FakeParticipant) {
  const url = addressOf(`/Services/${service.sid}/Conversations/${conversation.sid}`);
  return { conversation: url, participant: `${url}/Participants/${participant.sid}` };
}
