import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthOf } from '../../../domain/month.ts';
import { type ConversationMark, countUpTo } from '../../conversations.ts';
import { horizonOf, joinHorizons, type ReadHorizon } from '../../read-horizon.ts';

/** What is told of a conversation; when it had messages in several months, once for each. */
export interface ConversationFacts {
  /** Conversation SID. */
  conversation: string;
  /** Highest index and one; 0 when no message is told of. */
  messages: number;
  removed: boolean;
  /** The month of its messages; null when none is told of. */
  month: Month | null;
}

/** What is told of one person in one conversation. */
export interface MemberFacts {
  identity: Identity;
  conversation: string;
  /** Highest index read and one, 0 for none. */
  read: number;
  /** What holds of the membership, and since when (ms); `unknown`, since 0, when it was not told of. */
  membership: 'unknown' | 'member' | 'left';
  at: number;
  /** When they were last told of, whole seconds. */
  changed: number;
  /** How far events about them told that they have read; null when none did. */
  horizon: ReadHorizon | null;
}

export interface MarkFacts {
  conversations: ConversationFacts[];
  members: MemberFacts[];
}

/** Of two memberships told for the same instant the later in this list holds. */
export const MEMBERSHIPS = ['unknown', 'member', 'left'] as const;

/** Marks as the ledger needs them: all that is told of the same in one entry. */
export function gatherMarks(marks: readonly ConversationMark[]): MarkFacts {
  const conversations = new Map<string, ConversationFacts>();
  const members = new Map<string, MemberFacts>();

  function tellOf(conversation: string, messages: number, removed: boolean, month: Month | null): void {
    const key = month === null ? conversation : conversation + month;
    const facts = conversations.get(key);
    if (facts === undefined) {
      conversations.set(key, { conversation, messages, removed, month });
      return;
    }
    facts.messages = Math.max(facts.messages, messages);
    facts.removed ||= removed;
  }

  function tellOfMember(told: MemberFacts): void {
    const key = told.conversation + told.identity;
    const facts = members.get(key);
    if (facts === undefined) {
      members.set(key, told);
      return;
    }
    facts.read = Math.max(facts.read, told.read);
    facts.changed = Math.max(facts.changed, told.changed);
    facts.horizon = joinHorizons(facts.horizon, told.horizon);
    if (isLater(told, facts)) [facts.membership, facts.at] = [told.membership, told.at];
  }

  for (const mark of marks) {
    const { conversation } = mark;
    const at = Math.max(0, mark.at);
    const changed = Math.floor(at / 1000);
    switch (mark.kind) {
      case 'message': {
        const messages = countUpTo(mark.index);
        tellOf(conversation, messages, false, monthOf(at));
        // The author of a message has read it, but need not be a member.
        const facts = { conversation, read: messages, membership: 'unknown', at: 0, changed } as const;
        if (mark.author !== null) tellOfMember({ ...facts, identity: mark.author, horizon: null });
        break;
      }
      case 'member': {
        const read = mark.lastRead === null ? 0 : countUpTo(mark.lastRead);
        const facts = { conversation, read, membership: 'member', at, changed } as const;
        tellOfMember({ ...facts, identity: mark.identity, horizon: horizonOf(mark) });
        break;
      }
      case 'left': {
        const facts = { conversation, read: 0, membership: 'left', at, changed } as const;
        tellOfMember({ ...facts, identity: mark.identity, horizon: null });
        break;
      }
      case 'removed':
        tellOf(conversation, 0, true, null);
        break;
      default:
        mark satisfies never;
    }
  }
  return { conversations: [...conversations.values()], members: [...members.values()] };
}

function isLater(one: MemberFacts, other: MemberFacts): boolean {
  if (one.at !== other.at) return one.at > other.at;
  return MEMBERSHIPS.indexOf(one.membership) > MEMBERSHIPS.indexOf(other.membership);
}
