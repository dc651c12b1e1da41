import type { Identity } from '../../domain/identity.ts';
import { monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import {
  CONVERSATIONS_MAX,
  type ConversationMark,
  countUpTo,
  type UnreadMessages,
} from '../conversations.ts';
import { horizonOf } from '../read-horizon.ts';
import type { Books } from './books.ts';
import { raiseHorizon } from './horizon.ts';
import { monthNumber } from './month-number.ts';
import type { Statements } from './statements.ts';

/** States of a membership, as `0003-conversations.sql` describes them. */
const UNKNOWN = 0;
const MEMBER = 1;
const LEFT = 2;

/** Adds marks inside a transaction. */
export function markConversations(
  { statements, names }: Books,
  service: ServiceName,
  marks: readonly ConversationMark[],
): void {
  if (marks.length === 0) return;
  const number = names.numberOf(service);
  for (const mark of marks) writeMark(statements, number, mark);
}

/** What waits for a member. */
export function readUnread(
  { statements, names }: Books,
  service: ServiceName,
  identity: Identity,
): UnreadMessages {
  const key = [names.findService(service), identity];
  return {
    conversations: statements
      .all<[string, number]>('read-unread', key)
      .map(([sid, unread]) => ({ sid, unread })),
    incomplete: statements.get('is-crowded', key) !== undefined,
    known: (statements.get<[number]>('memberships-of', key)?.[0] ?? 0) > 0,
  };
}

function writeMark(statements: Statements, service: number, mark: ConversationMark): void {
  const { kind, conversation } = mark;
  const at = Math.max(0, mark.at);
  const changed = Math.floor(at / 1000);
  switch (kind) {
    case 'message': {
      const messages = countUpTo(mark.index);
      statements.run('mark-conversation', [service, conversation, messages, 0]);
      statements.run('mark-month', [service, monthNumber(monthOf(at)), conversation]);
      // The author has read it, but need not be a member.
      if (mark.author !== null) {
        writeMember(statements, service, mark.author, [conversation, messages, UNKNOWN, 0, changed]);
      }
      return;
    }
    case 'member': {
      const read = mark.lastRead === null ? 0 : countUpTo(mark.lastRead);
      writeMember(statements, service, mark.identity, [conversation, read, MEMBER, at, changed]);
      raiseHorizon(statements, [service, mark.identity, conversation], horizonOf(mark));
      return;
    }
    case 'left':
      writeMember(statements, service, mark.identity, [conversation, 0, LEFT, at, changed]);
      return;
    case 'removed':
      statements.run('mark-conversation', [service, conversation, 0, 1]);
      return;
    default:
      mark satisfies never;
  }
}

function writeMember(
  statements: Statements,
  service: number,
  identity: Identity,
  row: [conversation: string, read: number, state: number, since: number, changed: number],
): void {
  const key = [service, identity] as const;
  statements.run('mark-member', [...key, ...row]);
  const [kept] = statements.get<[number]>('memberships-of', key) ?? [0];
  if (kept <= CONVERSATIONS_MAX) return;
  const oldest = statements.get<[string, number]>('oldest-membership', key);
  if (oldest === undefined) return;
  statements.run('forget-membership', [...key, oldest[0]]);
  if (oldest[1] === MEMBER) statements.run('set-crowded', key);
}
