import { parseIdentity } from '../domain/identity.ts';
import { type ConversationMark, isConversationSid } from './conversations.ts';

/** A mark as a row of a journal entry: kind, conversation, instant, and what the kind has besides. */
export function formatMark(mark: ConversationMark): unknown[] {
  const { kind, conversation, at } = mark;
  switch (kind) {
    case 'message':
      return [kind, conversation, at, mark.index, mark.author];
    case 'member':
      return [kind, conversation, at, mark.identity, mark.lastRead, ...(mark.byOther ? [true] : [])];
    case 'left':
      return [kind, conversation, at, mark.identity];
    case 'removed':
      return [kind, conversation, at];
    default:
      return mark satisfies never;
  }
}

/** The mark, or null for what is none. */
export function parseMark(row: unknown): ConversationMark | null {
  if (!Array.isArray(row)) return null;
  const [kind, conversation, at, one, two, three] = row as unknown[];
  if (typeof conversation !== 'string' || !isConversationSid(conversation) || !isWhole(at)) return null;
  switch (kind) {
    case 'message': {
      const author = two === null ? null : identityIn(two);
      if (!isWhole(one) || (author === null && two !== null)) return null;
      return { kind, conversation, index: one, author, at };
    }
    case 'member': {
      const identity = identityIn(one);
      if (identity === null || (two !== null && !isWhole(two))) return null;
      if (three !== undefined && three !== true) return null;
      return { kind, conversation, identity, lastRead: two, at, ...(three ? { byOther: true } : {}) };
    }
    case 'left': {
      const identity = identityIn(one);
      return identity === null ? null : { kind, conversation, identity, at };
    }
    case 'removed':
      return { kind, conversation, at };
    default:
      return null;
  }
}

function identityIn(value: unknown) {
  return typeof value === 'string' ? parseIdentity(value) : null;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
