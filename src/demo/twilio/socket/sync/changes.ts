import type { FakeEvent } from '../../model/fake-event.ts';
import type { FakeConversation, FakeParticipant, FakeService } from '../../model/records.ts';
import { conversationsOf, documentOf, messagesOf, rosterOf, userInfoOf } from './names.ts';
import type { SyncItem } from './sync-object.ts';
import { conversationData, membershipItem, messageItem, rosterItem, userItems } from './views.ts';

/** What one Sync object did, as its subscribers are told. */
export type SyncChange =
  | { type: 'document_updated'; name: string; data: Record<string, unknown> }
  | { type: `${'map' | 'list'}_item_${'added' | 'updated' | 'removed'}`; name: string; item: SyncItem };

/** How Sync objects have changed by what happened in the model. */
export function changesOf({ type, fields }: FakeEvent, service: FakeService): SyncChange[] {
  if (type === 'onUserUpdated') return userChanges(service, fields['Identity'] ?? '');
  const conversation = service.conversations.get(fields['ConversationSid'] ?? '');
  if (conversation === undefined) return [];
  const participant = conversation.participants.find(({ sid }) => sid === fields['ParticipantSid']);
  switch (type) {
    case 'onMessageAdded': {
      const message = conversation.messages[Number(fields['Index'])];
      if (message === undefined) return [];
      return [
        { type: 'list_item_added', name: messagesOf(conversation.sid), item: messageItem(message) },
        documentChange(conversation),
        ...(participant === undefined
          ? []
          : participantChanges('updated', conversation, participant, service)),
      ];
    }
    case 'onParticipantAdded':
    case 'onParticipantUpdated': {
      if (participant === undefined) return [];
      const how = type === 'onParticipantAdded' ? 'added' : 'updated';
      return participantChanges(how, conversation, participant, service);
    }
    case 'onParticipantRemoved':
      return removal(conversation, fields['ParticipantSid'] ?? '', fields['Identity'] ?? '', service);
    case 'onConversationUpdated':
    case 'onConversationStateUpdated':
      return [documentChange(conversation)];
    default:
      return [];
  }
}

function userChanges(service: FakeService, identity: string): SyncChange[] {
  const user = service.users.get(identity);
  if (user === undefined) return [];
  return userItems(user).map((item) => ({ type: 'map_item_updated', name: userInfoOf(user.sid), item }));
}

function documentChange(conversation: FakeConversation): SyncChange {
  return {
    type: 'document_updated',
    name: documentOf(conversation.sid),
    data: conversationData(conversation),
  };
}

function participantChanges(
  how: 'added' | 'updated',
  conversation: FakeConversation,
  participant: FakeParticipant,
  service: FakeService,
): SyncChange[] {
  const user = service.users.get(participant.identity ?? '');
  const own: SyncChange[] =
    user === undefined
      ? []
      : [
          {
            type: `map_item_${how}`,
            name: conversationsOf(user.sid),
            item: membershipItem(conversation, participant),
          },
        ];
  return [
    { type: `map_item_${how}`, name: rosterOf(conversation.sid), item: rosterItem(participant) },
    ...own,
  ];
}

function removal(
  { sid }: FakeConversation,
  participantSid: string,
  identity: string,
  service: FakeService,
): SyncChange[] {
  const user = service.users.get(identity);
  const gone = (name: string, key: string): SyncChange => ({
    type: 'map_item_removed',
    name,
    item: { key, data: {} },
  });
  const fromRoster = gone(rosterOf(sid), participantSid);
  return user === undefined ? [fromRoster] : [fromRoster, gone(conversationsOf(user.sid), sid)];
}
