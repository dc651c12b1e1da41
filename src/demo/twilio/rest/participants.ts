import type { FakeParticipant } from '../model/records.ts';
import { addressOf, type FakeAnswer, type FakeRead, notFound, secondOf } from './answers.ts';
import { findConversation } from './conversations.ts';
import { fakePage } from './pages.ts';

/** `GET /v1/Services/{IS}/Conversations/{CH}/Participants` */
export function listParticipants(read: FakeRead): FakeAnswer {
  const [service, conversation] = findConversation(read);
  if (service === null || conversation === null) return notFound(read);
  const items = conversation.participants.map((participant) => ({
    account_sid: read.model.account.sid,
    chat_service_sid: service.sid,
    conversation_sid: conversation.sid,
    sid: participant.sid,
    identity: participant.identity,
    attributes: participant.attributes,
    messaging_binding: bindingOf(participant),
    role_sid: participant.roleSid,
    date_created: secondOf(participant.createdAt),
    date_updated: secondOf(participant.updatedAt),
    url: addressOf(
      `/Services/${service.sid}/Conversations/${conversation.sid}/Participants/${participant.sid}`,
    ),
    last_read_message_index: participant.lastReadIndex,
    last_read_timestamp: participant.lastReadAt === null ? null : secondOf(participant.lastReadAt),
  }));
  return fakePage({ key: 'participants', items, url: read.url, sizeMax: 100 });
}

export function bindingOf({ binding }: FakeParticipant): object | null {
  if (binding === null) return null;
  return { type: binding.type, address: binding.address, proxy_address: binding.proxyAddress };
}
