import type { FakeActivity } from './activity.ts';
import { type ConversationActs, createConversationActs } from './conversation-acts.ts';
import type { FakeEvent } from './fake-event.ts';
import { createMessageActs, type MessageActs } from './message-acts.ts';
import { createParticipantActs, type ParticipantActs } from './participant-acts.ts';
import type { FakeAccount, FakeAddress, FakeService, FakeTrigger } from './records.ts';
import { createUsage, type FakeUsage } from './usage.ts';
import { createUserActs, recall, type UserActs } from './user-acts.ts';
import { createWorld } from './world.ts';

export interface FakeModelOptions {
  accountSid: string;
  /** At least one; the first is the default one. */
  services: readonly string[];
  /** ms since the epoch; every act happens at it. */
  now: () => number;
  /** Deeds that it remembers from before, in order. */
  earlier?: readonly FakeActivity[];
  /** Hears of every new deed. */
  onActivity?: (activity: FakeActivity) => void;
}

/** A small Twilio in memory: people act on it, and others read it by REST or hear of it by webhooks. */
export interface FakeModel extends UserActs, ConversationActs, ParticipantActs, MessageActs {
  account: FakeAccount;
  now(): number;
  /** Every deed so far, in order. */
  activities: readonly FakeActivity[];
  /** How the account's usage is counted; may be changed at any time. */
  usage: FakeUsage;
  onEvent(listener: (event: FakeEvent) => void): void;
  addAddress(address: Omit<FakeAddress, 'sid'>): FakeAddress;
  addTrigger(trigger: Omit<FakeTrigger, 'sid' | 'createdAt' | 'firedAt'>): FakeTrigger;
}

const FILTERS = [
  ...['onConversationAdded', 'onConversationUpdated', 'onConversationRemoved', 'onConversationStateUpdated'],
  ...['onMessageAdded', 'onMessageUpdated', 'onMessageRemoved', 'onDeliveryUpdated'],
  ...['onParticipantAdded', 'onParticipantUpdated', 'onParticipantRemoved', 'onUserAdded', 'onUserUpdated'],
];

/** Every post-action event that webhooks can be told of. */
export const FAKE_POST_FILTERS: readonly string[] = FILTERS;

export function createFakeModel(options: FakeModelOptions): FakeModel {
  const { accountSid, services, now, earlier = [] } = options;
  const account: FakeAccount = {
    sid: accountSid,
    createdAt: now(),
    services: new Map(),
    webhooks: { preUrl: null, postUrl: null, filters: [] },
    addresses: [],
    triggers: [],
  };
  const world = createWorld(account, now, options.onActivity);
  for (const sid of services) account.services.set(sid, createService(sid, now(), world.newSid));
  for (const activity of earlier) recall(world, activity);
  return {
    account,
    now,
    activities: world.activities,
    usage: createUsage(),
    onEvent: world.onEvent,
    ...createUserActs(world),
    ...createConversationActs(world),
    ...createParticipantActs(world),
    ...createMessageActs(world),
    addAddress(address) {
      const added = { sid: world.newSid('IG'), ...address };
      account.addresses.push(added);
      return added;
    },
    addTrigger(trigger) {
      const added = { sid: world.newSid('UT'), createdAt: now(), firedAt: null, ...trigger };
      account.triggers.push(added);
      return added;
    },
  };
}

/** As a new service at Twilio: browsers may open conversations and add people, and no webhook is set. */
function createService(sid: string, createdAt: number, newSid: (prefix: string) => string): FakeService {
  const writing = [
    'sendMessage',
    'sendMediaMessage',
    'leaveConversation',
    'editOwnMessage',
    'deleteOwnMessage',
  ];
  const adding = ['addParticipant', 'addNonChatParticipant', 'removeParticipant'];
  const role = (friendlyName: string, type: 'service' | 'conversation', permissions: string[]) => ({
    sid: newSid('RL'),
    ...{ friendlyName, type, permissions },
  });
  const serviceUser = role('service user', 'service', [
    'createConversation',
    'joinConversation',
    'editOwnUserInfo',
  ]);
  const member = role('channel user', 'conversation', writing);
  const creator = role('channel admin', 'conversation', [...writing, ...adding, 'deleteConversation']);
  return {
    sid,
    friendlyName: 'Default Conversations Service',
    createdAt,
    users: new Map(),
    conversations: new Map(),
    roles: [serviceUser, member, creator],
    defaultRoles: { service: serviceUser.sid, conversation: member.sid, conversationCreator: creator.sid },
    reachability: false,
    webhooks: { preUrl: null, postUrl: null, filters: [] },
  };
}
