import type { Month } from '../../../domain/month.ts';
import type { ConversationFacts, MEMBERSHIPS, MemberFacts } from '../evidence/gather-marks.ts';

const SID_BYTES = 16;
const CONVERSATION_BYTES = 27;
const MEMBER_BYTES = 33;
const INSTANT_BYTES = 6;
/** How the script spells memberships. */
const KINDS = { unknown: 0, member: 2, left: 3 } as const satisfies Record<
  (typeof MEMBERSHIPS)[number],
  number
>;

/**
 * Packs what is told of a conversation as `record-n.lua` reads it (its MARK format). Places are those among the call's
 * keys, from 1; `totals` is 0 when no message is told of.
 */
export function packConversation(
  { conversation, messages, removed, month }: ConversationFacts,
  places: { bucket: number; totals: number },
): Buffer {
  const bytes = Buffer.allocUnsafe(CONVERSATION_BYTES);
  bytes.writeUInt16LE(places.bucket, 0);
  bytes.writeUInt16LE(places.totals, 2);
  const at = packSid(bytes, 4, conversation);
  bytes.writeUInt32LE(messages, at);
  bytes[at + 4] = removed ? 1 : 0;
  bytes.writeUInt16LE(month === null ? 0 : monthCode(month), at + 5);
  return bytes;
}

/** Packs what is told of a member as `record-n.lua` reads it (its MEMBER_MARK and MEMBERSHIP formats). */
export function packMember(
  { conversation, read, membership, at, changed }: MemberFacts,
  place: number,
): Buffer {
  const bytes = Buffer.allocUnsafe(MEMBER_BYTES);
  bytes.writeUInt16LE(place, 0);
  const from = packSid(bytes, 2, conversation);
  bytes.writeUInt32LE(read, from);
  bytes.writeUIntLE(at, from + 4, INSTANT_BYTES);
  bytes[from + 4 + INSTANT_BYTES] = KINDS[membership];
  bytes.writeUInt32LE(changed, from + 5 + INSTANT_BYTES);
  return bytes;
}

/** The field of a conversation: its SID without `CH`, in bytes. */
export function sidBytes(sid: string): Buffer {
  return Buffer.from(sid.slice(2), 'hex');
}

export function sidOf(bytes: Buffer): string {
  return `CH${bytes.toString('hex')}`;
}

/** A conversation as the script keeps it; `messages` is the highest index and one. */
export function unpackConversation(bytes: Buffer): { messages: number; removed: boolean } {
  return { messages: bytes.readUInt32LE(0), removed: bytes[4] === 1 };
}

/** A membership as the script keeps it; `read` is the highest index read and one, 0 for none, `changed` a second. */
export function unpackMembership(bytes: Buffer): { read: number; isMember: boolean; changed: number } {
  return {
    read: bytes.readUInt32LE(0),
    isMember: bytes[4 + INSTANT_BYTES] === KINDS.member,
    changed: bytes.readUInt32LE(5 + INSTANT_BYTES),
  };
}

function packSid(bytes: Buffer, at: number, sid: string): number {
  return at + bytes.write(sid.slice(2), at, SID_BYTES, 'hex');
}

/** Months since January 1970. */
function monthCode(month: Month): number {
  return (Number(month.slice(0, 4)) - 1970) * 12 + Number(month.slice(5)) - 1;
}
