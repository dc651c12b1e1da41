import type { Identity } from '../domain/identity.ts';
import type { ServiceName } from '../domain/service-name.ts';

/**
 * What an event says of a conversation, so that unread messages can be counted without anybody connecting.
 *
 * Marks are idempotent and order-free: indexes only rise, and of two marks about one membership the later `at` holds
 * (at the same instant: `left`). `at` is ms since the epoch; `conversation` is a Conversation SID (`CH` and 32 hex
 * digits); indexes are those of Twilio, whole numbers from 0 to 2^32 - 2.
 */
export type ConversationMark =
  /**
   * A message was added. Its author has seen everything up to it, but need not be a member: servers write without
   * being one. Null for one who is no person.
   */
  | { kind: 'message'; conversation: string; index: number; author: Identity | null; at: number }
  /** Somebody is a member, and has read up to `lastRead`; null: nothing is known of what they read. */
  | MemberMark
  | { kind: 'left'; conversation: string; identity: Identity; at: number }
  /** The conversation is gone for good. */
  | { kind: 'removed'; conversation: string; at: number };

export interface MemberMark {
  kind: 'member';
  conversation: string;
  identity: Identity;
  lastRead: number | null;
  at: number;
  /** True when it is surely no update by the member themselves: they have not read by it, nor by repeating it. */
  byOther?: true;
}

/** A conversation, and the last index in it that somebody has read. */
export interface ReadUpTo {
  /** Conversation SID. */
  conversation: string;
  /** A whole number from 0. */
  index: number;
}

export interface UnreadConversation {
  /** Conversation SID. */
  sid: string;
  /** Messages above the member's last read index, or all while that is unknown; at least 1. */
  unread: number;
}

export interface UnreadMessages {
  /** In the order of SIDs; conversations without unread messages are left out. */
  conversations: UnreadConversation[];
  /** True when the member is in more conversations than are remembered, so that some may be missing. */
  incomplete: boolean;
  /** False when no mark ever told of them. */
  known: boolean;
}

export interface ConversationLedger {
  /** What waits for a member. Takes the effective identity, after links. Changes nothing and counts nobody. */
  unread(service: ServiceName, identity: Identity): Promise<UnreadMessages>;
}

/** Conversations remembered for one identity; beyond it those that they are not in are forgotten first, and of both kinds the ones that changed longest ago. */
export const CONVERSATIONS_MAX = 200;

/** Highest index that is kept; Twilio counts up from 0, one by one. */
export const INDEX_MAX = 0xffff_fffe;

/** An index as a count, of it and all below it. Beyond all measure it is the highest that is kept. */
export function countUpTo(index: number): number {
  return Math.min(index, INDEX_MAX) + 1;
}

const CONVERSATION_SID = /^CH[0-9a-f]{32}$/;

/** Whether a text is a Conversation SID. */
export function isConversationSid(text: string): boolean {
  return CONVERSATION_SID.test(text);
}
