import type { FakeConversation } from '../../model/records.ts';
import { FakeRefusal } from '../../model/world.ts';
import { documentOf, messagesOf, rosterOf } from '../sync/names.ts';
import { CLIENT_API, type UpstreamAnswer, type UpstreamCall, upstreamError } from './call.ts';

/** `GET …/Users/{identity}/Conversations`: those that the client is in, all at once. */
export function listMyConversations({ service, identity, path }: UpstreamCall): UpstreamAnswer {
  if (path[1] !== identity) return forbidden();
  const conversations = [...service.conversations.values()].flatMap((conversation) => {
    const own = conversation.participants.find((one) => one.identity === identity);
    if (own === undefined) return [];
    return [
      {
        conversation_sid: conversation.sid,
        status: 'joined',
        last_read_message_index: own.lastReadIndex,
        unread_messages_count: unreadOf(conversation, own.lastReadIndex),
        notification_level: 'default',
        sync_objects: syncObjectsOf(conversation),
      },
    ];
  });
  return { status: 200, body: { conversations, meta: { next_token: null } } };
}

/** `POST …/Users/{identity}/Conversations/{sid}`: how far the client has read. */
export function readMyConversation(call: UpstreamCall): UpstreamAnswer {
  const { model, service, identity, body, path } = call;
  const conversation = ownConversation(call, path[2]);
  if (path[1] !== identity) return forbidden();
  const index = body['last_read_message_index'];
  if (typeof index === 'number') {
    model.readTo(conversation.sid, identity, index, { service: service.sid, client: identity });
  }
  const own = conversation.participants.find((one) => one.identity === identity)!;
  return { status: 200, body: { unread_messages_count: unreadOf(conversation, own.lastReadIndex) } };
}

/** `POST …/Conversations`: the client has made it, and is not in it before it joins. */
export function createConversation({ model, service, identity, body }: UpstreamCall): UpstreamAnswer {
  const named = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const friendlyName = named(body['friendly_name']);
  const uniqueName = named(body['unique_name']);
  const conversation = model.createConversation(
    { ...(friendlyName && { friendlyName }), ...(uniqueName && { uniqueName }) },
    { service: service.sid, client: identity },
  );
  const url = addressOf(service.sid, conversation.sid);
  const links = { messages: `${url}/Messages`, participants: `${url}/Participants` };
  return {
    status: 201,
    body: { sid: conversation.sid, url, links, sync_objects: syncObjectsOf(conversation) },
  };
}

/** `POST …/Conversations/{sid}/Messages` */
export function sendMessage(call: UpstreamCall): UpstreamAnswer {
  const { model, service, identity, body, path } = call;
  const { sid } = ownConversation(call, path[1]);
  const text = typeof body['body'] === 'string' ? body['body'] : '';
  const options = { service: service.sid, client: identity };
  const message = model.sendMessage(sid, { author: identity, body: text }, options);
  return { status: 201, body: { sid: message.sid, index: message.index, author: identity, body: text } };
}

/** `POST …/Conversations/{sid}/Participants`: the client joins, or adds somebody. */
export function addParticipant({ model, service, identity, body, path }: UpstreamCall): UpstreamAnswer {
  const whom = typeof body['identity'] === 'string' ? body['identity'] : identity;
  const options = { service: service.sid, client: identity };
  const { sid, roleSid, attributes } = model.addParticipant(path[1] ?? '', { identity: whom }, options);
  return { status: 201, body: { sid, identity: whom, role_sid: roleSid, attributes } };
}

/** `DELETE …/Conversations/{sid}/Participants/{identity}`: the client leaves, or removes somebody. */
export function removeParticipant(call: UpstreamCall): UpstreamAnswer {
  const { model, service, identity, path } = call;
  const { sid } = ownConversation(call, path[1]);
  model.removeParticipant(sid, path[2] ?? '', { service: service.sid, client: identity });
  return { status: 204, body: {} };
}

/** `POST …/Typing` */
export function tellTyping(): UpstreamAnswer {
  return { status: 202, body: { typing_timeout: 5 } };
}

/** @throws FakeRefusal when the client is not in it */
function ownConversation({ service, identity }: UpstreamCall, sid = ''): FakeConversation {
  const conversation = service.conversations.get(sid);
  if (!conversation?.participants.some((one) => one.identity === identity)) {
    throw new FakeRefusal(50400, `The client is in no conversation ${sid}.`);
  }
  return conversation;
}

function syncObjectsOf({ sid }: FakeConversation) {
  return { conversation: documentOf(sid), messages: messagesOf(sid), participants: rosterOf(sid) };
}

function unreadOf({ messages }: FakeConversation, lastRead: number | null): number | null {
  return lastRead === null ? null : messages.length - 1 - lastRead;
}

function addressOf(serviceSid: string, sid: string): string {
  return `${CLIENT_API}/Services/${serviceSid}/Conversations/${sid}`;
}

function forbidden(): UpstreamAnswer {
  return upstreamError(403, 54007, 'Access forbidden for identity');
}
