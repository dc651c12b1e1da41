import type { FakeService } from '../../model/records.ts';
import { parseSyncName } from './names.ts';
import type { SyncObject } from './sync-object.ts';
import { conversationData, membershipItem, messageItem, rosterItem, userItems } from './views.ts';

/** The object of that name as this person may see it; null when there is none, or it is not theirs to see. */
export function findObject(service: FakeService, identity: string, name: string): SyncObject | null {
  const parsed = parseSyncName(name);
  const user = service.users.get(identity);
  if (parsed === null || user === undefined) return null;
  const { sid, part } = parsed;
  if (sid === user.sid) {
    if (part === 'info') return { kind: 'map', name, items: userItems(user) };
    return part === 'conversations' ? { kind: 'map', name, items: membershipsOf(service, identity) } : null;
  }
  const conversation = service.conversations.get(sid);
  if (conversation === undefined) return null;
  const isIn = conversation.participants.some((one) => one.identity === identity);
  // Who made a conversation sees it before they join.
  if (!isIn && !(part === 'document' && conversation.createdBy === identity)) return null;
  switch (part) {
    case 'document':
      return { kind: 'document', name, data: conversationData(conversation) };
    case 'messages':
      return { kind: 'list', name, items: conversation.messages.map(messageItem) };
    case 'roster':
      return { kind: 'map', name, items: conversation.participants.map(rosterItem) };
    default:
      return null;
  }
}

function membershipsOf(service: FakeService, identity: string) {
  return [...service.conversations.values()].flatMap((conversation) => {
    const participant = conversation.participants.find((one) => one.identity === identity);
    return participant === undefined ? [] : [membershipItem(conversation, participant)];
  });
}
