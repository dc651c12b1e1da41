import { addressOf, type FakeAnswer, type FakeRead, fakeError, notFound, secondOf } from './answers.ts';
import { findConversation } from './conversations.ts';
import { fakePage } from './pages.ts';

/** `GET /v1/Services/{IS}/Conversations/{CH}/Messages?Order` */
export function listMessages(read: FakeRead): FakeAnswer {
  const [service, conversation] = findConversation(read);
  if (service === null || conversation === null) return notFound(read);
  const order = read.url.searchParams.get('Order') ?? 'asc';
  if (order !== 'asc' && order !== 'desc') return fakeError(400, 50511, 'Order must be asc or desc');
  const items = conversation.messages.map((message) => {
    const url = addressOf(
      `/Services/${service.sid}/Conversations/${conversation.sid}/Messages/${message.sid}`,
    );
    return {
      account_sid: read.model.account.sid,
      chat_service_sid: service.sid,
      conversation_sid: conversation.sid,
      sid: message.sid,
      index: message.index,
      author: message.author,
      body: message.body,
      media: null,
      attributes: message.attributes,
      participant_sid: message.participantSid,
      date_created: secondOf(message.createdAt),
      date_updated: secondOf(message.createdAt),
      delivery: null,
      content_sid: null,
      url,
      links: { delivery_receipts: `${url}/Receipts`, channel_metadata: `${url}/ChannelMetadata` },
    };
  });
  return fakePage({
    key: 'messages',
    items: order === 'asc' ? items : items.reverse(),
    url: read.url,
    sizeMax: 100,
  });
}
