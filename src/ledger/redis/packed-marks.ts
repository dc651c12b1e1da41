import { type ConversationMark, INDEX_MAX } from '../conversations.ts';

/** Places among the keys of a call of `mark-n.lua`, from 1; 0 for none. */
export interface MarkPlaces {
  conversation: number;
  member: number;
  totals: number;
}

const MARK_BYTES = 35;
const KINDS = { message: 1, member: 2, left: 3, removed: 4 } as const;
const INSTANT_BYTES = 6;

/** Packs a mark as `mark-n.lua` reads it (its MARK format). */
export function packMark(mark: ConversationMark, places: MarkPlaces): Buffer {
  const bytes = Buffer.allocUnsafe(MARK_BYTES);
  bytes[0] = KINDS[mark.kind];
  bytes.write(mark.conversation.slice(2), 1, 'hex');
  bytes.writeUInt16LE(places.conversation, 17);
  bytes.writeUInt16LE(places.member, 19);
  bytes.writeUInt16LE(places.totals, 21);
  bytes.writeUInt16LE(mark.kind === 'message' ? monthCode(mark.at) : 0, 23);
  bytes.writeUInt32LE(messagesUpTo(mark), 25);
  bytes.writeUIntLE(Math.max(0, mark.at), 29, INSTANT_BYTES);
  return bytes;
}

/** The field of a conversation: its SID without `CH`, in bytes. */
export function sidBytes(sid: string): Buffer {
  return Buffer.from(sid.slice(2), 'hex');
}

export function sidOf(bytes: Buffer): string {
  return `CH${bytes.toString('hex')}`;
}

/** A conversation as `mark-n.lua` keeps it; `messages` is the highest index and one. */
export function unpackConversation(bytes: Buffer): { messages: number; removed: boolean } {
  return { messages: bytes.readUInt32LE(0), removed: bytes[4] === 1 };
}

/** A membership as `mark-n.lua` keeps it; `read` is the highest index read and one, 0 for none. */
export function unpackMembership(bytes: Buffer): { read: number; isMember: boolean } {
  return { read: bytes.readUInt32LE(0), isMember: bytes[4 + INSTANT_BYTES] === KINDS.member };
}

function messagesUpTo(mark: ConversationMark): number {
  const index = mark.kind === 'message' ? mark.index : mark.kind === 'member' ? mark.lastRead : null;
  return index === null ? 0 : Math.min(index, INDEX_MAX) + 1;
}

/** Months since January 1970. */
function monthCode(instantMs: number): number {
  const date = new Date(instantMs);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}
