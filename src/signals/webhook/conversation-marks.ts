import {
  type ConversationMark,
  INDEX_MAX,
  isConversationSid,
  type ReadUpTo,
} from '../../ledger/conversations.ts';
import type { WebhookParams } from '../ports.ts';
import { isByAddress } from './address.ts';
import { readField } from './fields.ts';
import { keepIdentity } from './kept-identity.ts';
import { whoUpdated } from './who-updated.ts';

type ReadMark = (params: WebhookParams, conversation: string, at: number) => ConversationMark | null;

/** What Twilio calls the author of a message that no person wrote. */
export const SYSTEM = /^system$/i;

/** Events that say how far a conversation has come, who is in it and how far they have read. */
const MARKS: Readonly<Record<string, ReadMark>> = {
  onMessageAdded(params, conversation, at) {
    const index = readIndex(params, 'Index');
    return index === null ? null : { kind: 'message', conversation, index, author: readReader(params), at };
  },
  // Nobody reads by joining, whoever adds them.
  onParticipantAdded: (params, conversation, at) => readMember(params, conversation, at, true),
  onParticipantUpdated: readMember,
  onParticipantRemoved(params, conversation, at) {
    const identity = keepIdentity(readField(params, 'Identity') ?? '');
    return identity === null ? null : { kind: 'left', conversation, identity, at };
  },
  onConversationRemoved: (_params, conversation, at) => ({ kind: 'removed', conversation, at }),
};

/**
 * The mark that an event leaves on its conversation, none when it has no readable conversation or says nothing of
 * what is read. Addresses read elsewhere and have no unread messages here.
 *
 * @param at when it happened, ms since the epoch
 */
export function readConversationMarks(type: string, params: WebhookParams, at: number): ConversationMark[] {
  const conversation = readField(params, 'ConversationSid');
  const read = Object.hasOwn(MARKS, type) ? MARKS[type] : undefined;
  if (read === undefined || conversation === null || !isConversationSid(conversation)) return [];
  const mark = read(params, conversation, at);
  return mark === null ? [] : [mark];
}

function readMember(
  params: WebhookParams,
  conversation: string,
  at: number,
  isAdded = false,
): ConversationMark | null {
  const name = readField(params, 'Identity') ?? '';
  const identity = keepIdentity(name);
  if (identity === null) return null;
  const lastRead = readIndex(params, 'LastReadMessageIndex');
  const byOther = lastRead !== null && (isAdded || whoUpdated(params, name) === 'other');
  return { kind: 'member', conversation, identity, lastRead, at, ...(byOther ? { byOther } : {}) };
}

/** Up to where an update of a member tells that they have read, where it can be told. */
export function readUpTo(params: WebhookParams): ReadUpTo | null {
  const conversation = readField(params, 'ConversationSid');
  const index = readIndex(params, 'LastReadMessageIndex');
  if (index === null || conversation === null || !isConversationSid(conversation)) return null;
  return { conversation, index };
}

/**
 * The author, where they have seen the conversation up to their own message: a message that a server writes in
 * somebody's name leaves what they have read as it is, at Twilio too.
 */
function readReader(params: WebhookParams) {
  const author = readField(params, 'Author');
  const source = readField(params, 'Source');
  if (author === null || source === 'API') return null;
  // Event Streams do not name the source; of a person they say which participant it is.
  if (source === null && readField(params, 'ParticipantSid') === null) return null;
  // Whose client it is, is a person, also one whose name is a phone number.
  if (readField(params, 'ClientIdentity') === author) return keepIdentity(author);
  return isByAddress(params, author) || SYSTEM.test(author) ? null : keepIdentity(author);
}

/** An index that can be kept, or null. */
export function readIndex(params: WebhookParams, name: string): number | null {
  const text = readField(params, name);
  if (text === null || !/^\d{1,10}$/.test(text)) return null;
  const index = Number(text);
  return index > INDEX_MAX ? null : index;
}
