import type { FakeConversation } from './records.ts';
import { type Act, type ActOptions, type FakeWorld, findConversation, instant } from './world.ts';

export interface NewConversation {
  friendlyName?: string;
  uniqueName?: string;
}

export interface ConversationActs {
  /** Who makes a conversation is not in it yet. */
  createConversation(what?: NewConversation, options?: ActOptions): FakeConversation;
  closeConversation(sid: string, options?: ActOptions): void;
  removeConversation(sid: string, options?: ActOptions): void;
}

export function createConversationActs(world: FakeWorld): ConversationActs {
  return {
    createConversation(what, options) {
      // An act by SDK without a client would be nobody's; a backend makes most conversations anyway.
      const source = options?.client === undefined ? 'API' : 'SDK';
      const act = world.begin({ source, ...options }, null);
      return openConversation(world, act, what);
    },

    closeConversation(sid, options) {
      const act = world.begin({ source: 'API', ...options }, null);
      const conversation = findConversation(act, sid);
      const before = conversation.state;
      conversation.state = 'closed';
      conversation.updatedAt = act.at;
      world.emit(act, 'onConversationStateUpdated', {
        ChatServiceSid: act.service.sid,
        ConversationSid: sid,
        StateUpdated: instant(act.at),
        StateFrom: before,
        StateTo: 'closed',
        Reason: 'API',
      });
    },

    removeConversation(sid, options) {
      const act = world.begin({ source: 'API', ...options }, null);
      const conversation = findConversation(act, sid);
      act.service.conversations.delete(sid);
      const removed = { DateUpdated: instant(act.at), DateRemoved: instant(act.at) };
      world.emit(act, 'onConversationRemoved', { ...fieldsOf(act, conversation), ...removed });
    },
  };
}

/** @param binding of a message that opened it, as webhooks tell it */
export function openConversation(
  world: FakeWorld,
  act: Act,
  { friendlyName, uniqueName }: NewConversation = {},
  binding: Record<string, string> = {},
): FakeConversation {
  const conversation: FakeConversation = {
    sid: world.newSid('CH'),
    friendlyName: friendlyName ?? null,
    uniqueName: uniqueName ?? null,
    attributes: '{}',
    state: 'active',
    createdBy: act.client ?? 'system',
    createdAt: act.at,
    updatedAt: act.at,
    participants: [],
    messages: [],
  };
  act.service.conversations.set(conversation.sid, conversation);
  world.emit(act, 'onConversationAdded', { ...fieldsOf(act, conversation), ...binding });
  return conversation;
}

function fieldsOf({ service }: Act, conversation: FakeConversation) {
  return {
    ChatServiceSid: service.sid,
    ConversationSid: conversation.sid,
    DateCreated: instant(conversation.createdAt),
    DateUpdated: instant(conversation.updatedAt),
    FriendlyName: conversation.friendlyName,
    UniqueName: conversation.uniqueName,
    Attributes: conversation.attributes,
    State: conversation.state,
  };
}
