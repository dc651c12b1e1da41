import { openConversation } from './conversation-acts.ts';
import { addTo, nameOf } from './participant-acts.ts';
import type { FakeConversation, FakeMessage } from './records.ts';
import { ensureUser } from './user-acts.ts';
import {
  type Act,
  type ActOptions,
  FakeRefusal,
  type FakeWorld,
  findConversation,
  instant,
} from './world.ts';

export interface MessageActs {
  /** By REST anybody can be the author, also a name that is no user's; Twilio writes `system` for none. */
  sendMessage(
    conversation: string,
    message: { author?: string; body: string },
    options?: ActOptions,
  ): FakeMessage;
  /**
   * Somebody writes to a number of the account: into the conversation that they have with it, else into a new one where
   * the number opens conversations by itself. Null: the message leads nowhere.
   */
  receiveSms(message: { from: string; to: string; body: string }): FakeMessage | null;
}

export function createMessageActs(world: FakeWorld): MessageActs {
  function add(act: Act, conversation: FakeConversation, author: string, body: string): FakeMessage {
    if (conversation.state === 'closed') throw new FakeRefusal(50438, 'Conversation is closed');
    const participant = conversation.participants.find((one) => nameOf(one) === author) ?? null;
    const message: FakeMessage = {
      sid: world.newSid('IM'),
      index: conversation.messages.length,
      author,
      body,
      attributes: '{}',
      participantSid: participant?.sid ?? null,
      createdAt: act.at,
    };
    conversation.messages.push(message);
    conversation.updatedAt = act.at;
    // Who writes has seen what stands there; what a server writes in their name they have not.
    if (participant?.identity && act.source === 'SDK') participant.lastReadIndex = message.index;
    world.emit(act, 'onMessageAdded', {
      ConversationSid: conversation.sid,
      MessageSid: message.sid,
      Index: String(message.index),
      DateCreated: instant(act.at),
      Body: body,
      Author: author,
      ParticipantSid: message.participantSid,
      Attributes: message.attributes,
    });
    return message;
  }

  return {
    sendMessage(sid, { author, body }, options) {
      const act = world.begin(options, author ?? null);
      if (act.source === 'SDK' && act.client === null)
        throw new FakeRefusal(50000, 'A client has an identity.');
      const name = author ?? act.client ?? 'system';
      const conversation = findConversation(act, sid);
      if (act.source === 'SDK') ensureUser(world, act, name);
      const message = add(act, conversation, name, body);
      // Whether an author who is no user is billed, Twilio does not say; the fake does not.
      if (act.service.users.has(name)) world.note(act, name, act.source === 'API' ? 'sent-by-rest' : 'sent');
      return message;
    },

    receiveSms({ from, to, body }) {
      const address = world.account.addresses.find((one) => one.address === to);
      const type = from.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
      const binding = { type, address: from, proxyAddress: to } as const;
      for (const service of world.account.services.values()) {
        for (const conversation of service.conversations.values()) {
          const isTheirs = conversation.participants.some(
            (one) => one.binding?.address === from && one.binding.proxyAddress === to,
          );
          if (!isTheirs || conversation.state === 'closed') continue;
          const act = actOf(service.sid);
          world.note(act, from, 'sent-from-address');
          return add(act, conversation, from, body);
        }
      }
      if (address === undefined || !address.autoCreation.enabled) return null;
      const act = actOf(address.autoCreation.serviceSid);
      const conversation = openConversation(
        world,
        act,
        {},
        {
          'MessagingBinding.ProxyAddress': to,
          'MessagingBinding.Address': from,
          'MessagingBinding.AuthorAddress': from,
        },
      );
      addTo(world, act, conversation, { binding });
      world.note(act, from, 'sent-from-address');
      return add(act, conversation, from, body);
    },
  };

  function actOf(service: string): Act {
    return { ...world.begin({ service }, null), source: 'SMS', client: null };
  }
}
