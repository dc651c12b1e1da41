import type { FakeBinding, FakeConversation, FakeParticipant } from './records.ts';
import { ensureUser } from './user-acts.ts';
import {
  type Act,
  type ActOptions,
  FakeRefusal,
  type FakeWorld,
  findConversation,
  instant,
} from './world.ts';

/** Somebody of chat, or somebody at an address. */
export type NewParticipant = { identity: string } | { binding: FakeBinding };

export interface ParticipantActs {
  addParticipant(conversation: string, who: NewParticipant, options?: ActOptions): FakeParticipant;
  /** @param who an identity or an address */
  removeParticipant(conversation: string, who: string, options?: ActOptions): void;
  /** Somebody of chat has read up to a message; the index only rises. */
  readTo(conversation: string, identity: string, index: number, options?: ActOptions): void;
}

/** Who is in a conversation. */
export function createParticipantActs(world: FakeWorld): ParticipantActs {
  return {
    addParticipant(sid, who, options) {
      const act = world.begin(options, 'identity' in who ? who.identity : null);
      return addTo(world, act, findConversation(act, sid), who);
    },

    removeParticipant(sid, who, options) {
      const act = world.begin(options, who);
      const conversation = findConversation(act, sid);
      const participant = findParticipant(conversation, who);
      conversation.participants.splice(conversation.participants.indexOf(participant), 1);
      participant.updatedAt = act.at;
      const own = act.source === 'SDK' && act.client === participant.identity;
      world.note(act, who, own ? 'left' : 'removed');
      const removed = { DateUpdated: instant(act.at), DateRemoved: instant(act.at) };
      world.emit(act, 'onParticipantRemoved', { ...fieldsOf(conversation, participant), ...removed });
    },

    readTo(sid, identity, index, options) {
      const act = world.begin(options, identity);
      const conversation = findConversation(act, sid);
      const participant = findParticipant(conversation, identity);
      if (index <= (participant.lastReadIndex ?? -1)) return;
      participant.lastReadIndex = index;
      participant.lastReadAt = act.at;
      participant.updatedAt = act.at;
      if (act.source === 'SDK' && act.client === identity) world.note(act, identity, 'read');
      world.emit(act, 'onParticipantUpdated', {
        ...fieldsOf(conversation, participant),
        DateUpdated: instant(act.at),
        LastReadMessageIndex: String(index),
      });
    },
  };
}

/** @throws FakeRefusal for somebody who is in it already */
export function addTo(
  world: FakeWorld,
  act: Act,
  conversation: FakeConversation,
  who: NewParticipant,
): FakeParticipant {
  const identity = 'identity' in who ? who.identity : null;
  const binding = 'binding' in who ? who.binding : null;
  const name = identity ?? binding?.address ?? '';
  if (conversation.participants.some((one) => nameOf(one) === name)) {
    throw new FakeRefusal(identity === null ? 50416 : 50433, 'Participant already exists');
  }
  if (identity !== null) ensureUser(world, act, identity);
  const participant: FakeParticipant = {
    sid: world.newSid('MB'),
    identity,
    binding,
    attributes: '{}',
    roleSid: act.service.defaultRoles.conversation,
    lastReadIndex: null,
    lastReadAt: null,
    createdAt: act.at,
    updatedAt: act.at,
  };
  conversation.participants.push(participant);
  if (identity === null) world.note(act, name, 'address-added');
  else world.note(act, name, act.source === 'API' ? 'added-by-rest' : 'joined');
  world.emit(act, 'onParticipantAdded', fieldsOf(conversation, participant));
  return participant;
}

/** How a participant signs messages. */
export function nameOf({ identity, binding }: FakeParticipant): string {
  return identity ?? binding?.address ?? '';
}

function findParticipant(conversation: FakeConversation, who: string): FakeParticipant {
  const participant = conversation.participants.find((one) => nameOf(one) === who);
  if (participant === undefined)
    throw new FakeRefusal(50400, `Nobody of that name is in ${conversation.sid}.`);
  return participant;
}

function fieldsOf(conversation: FakeConversation, participant: FakeParticipant) {
  const { binding } = participant;
  return {
    ConversationSid: conversation.sid,
    ParticipantSid: participant.sid,
    DateCreated: instant(participant.createdAt),
    Identity: participant.identity,
    RoleSid: participant.roleSid,
    Attributes: participant.attributes,
    'MessagingBinding.ProxyAddress': binding?.proxyAddress ?? null,
    'MessagingBinding.Address': binding?.address ?? null,
    'MessagingBinding.Type': binding === null ? 'CHAT' : binding.type.toUpperCase(),
  };
}
