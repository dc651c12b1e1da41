import type { FakeConversation, FakeMessage, FakeParticipant, FakeUser } from '../../model/records.ts';
import { documentOf, messagesOf, rosterOf } from './names.ts';
import type { SyncItem } from './sync-object.ts';

// How the SDK finds people, conversations and messages in Sync objects. The spelling is older than the product's name.

export function userItems({ friendlyName, attributes, online }: FakeUser): SyncItem[] {
  return [
    { key: 'friendlyName', data: { value: friendlyName } },
    { key: 'attributes', data: { value: attributes } },
    { key: 'reachability', data: { online, notifiable: false } },
  ];
}

/** A conversation in the list of one of its participants. */
export function membershipItem({ sid }: FakeConversation, { lastReadIndex }: FakeParticipant): SyncItem {
  const data = {
    channel: documentOf(sid),
    messages: messagesOf(sid),
    roster: rosterOf(sid),
    status: 'joined',
    lastConsumedMessageIndex: lastReadIndex,
    notificationLevel: 'default',
  };
  return { key: sid, data };
}

export function conversationData(conversation: FakeConversation): Record<string, unknown> {
  const { sid, messages, createdAt, updatedAt } = conversation;
  const last = messages.at(-1);
  return {
    sid,
    friendlyName: conversation.friendlyName,
    uniqueName: conversation.uniqueName,
    attributes: conversation.attributes,
    createdBy: conversation.createdBy,
    dateCreated: isoOf(createdAt),
    dateUpdated: isoOf(updatedAt),
    state: { current: conversation.state, dateUpdated: isoOf(updatedAt) },
    messages: messagesOf(sid),
    roster: rosterOf(sid),
    ...(last === undefined ? {} : { lastMessage: { index: last.index, timestamp: isoOf(last.createdAt) } }),
  };
}

export function messageItem(message: FakeMessage): SyncItem {
  const { sid, index, author, body, attributes, participantSid, createdAt } = message;
  const at = { timestamp: isoOf(createdAt), dateUpdated: isoOf(createdAt) };
  return {
    key: index,
    data: { sid, author, text: body, attributes, memberSid: participantSid, type: 'text', ...at },
  };
}

export function rosterItem(participant: FakeParticipant): SyncItem {
  const { sid, identity, binding, attributes, roleSid, lastReadIndex, lastReadAt } = participant;
  const data = {
    identity,
    type: binding?.type ?? 'chat',
    attributes,
    roleSid,
    lastConsumedMessageIndex: lastReadIndex,
    lastConsumptionTimestamp: lastReadAt === null ? null : isoOf(lastReadAt),
    dateCreated: isoOf(participant.createdAt),
    dateUpdated: isoOf(participant.updatedAt),
  };
  return { key: sid, data };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
