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

/** Where a conversation is kept: places among the call's keys, from 1; `totals` is 0 when no message is told of. */
export interface ConversationPlaces {
  bucket: number;
  totals: number;
}

/** Packs what is told of conversations as `record-n.lua` reads it (its MARK format). */
export function packConversations(
  facts: readonly ConversationFacts[],
  placesOf: (facts: ConversationFacts) => ConversationPlaces,
): Buffer {
  const bytes = Buffer.allocUnsafe(facts.length * CONVERSATION_BYTES);
  let at = 0;
  for (const one of facts) {
    const { conversation, messages, removed, month } = one;
    const { bucket, totals } = placesOf(one);
    bytes.writeUInt16LE(bucket, at);
    bytes.writeUInt16LE(totals, at + 2);
    at = packSid(bytes, at + 4, conversation);
    at = bytes.writeUInt32LE(messages, at);
    bytes[at] = removed ? 1 : 0;
    at = bytes.writeUInt16LE(month === null ? 0 : monthCode(month), at + 1);
  }
  return bytes;
}

/**
 * Packs what is told of members as `record-n.lua` reads it (its MEMBER_MARK and MEMBERSHIP formats).
 *
 * @param placeOf place of a member's hash among the call's keys, from 1
 */
export function packMembers(facts: readonly MemberFacts[], placeOf: (facts: MemberFacts) => number): Buffer {
  const bytes = Buffer.allocUnsafe(facts.length * MEMBER_BYTES);
  let at = 0;
  for (const one of facts) {
    const { conversation, read, membership, changed } = one;
    at = bytes.writeUInt16LE(placeOf(one), at);
    at = packSid(bytes, at, conversation);
    at = bytes.writeUInt32LE(read, at);
    at = bytes.writeUIntLE(one.at, at, INSTANT_BYTES);
    bytes[at] = KINDS[membership];
    at = bytes.writeUInt32LE(changed, at + 1);
  }
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
