import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import { countUpTo } from '../../conversations.ts';
import type { ReadHorizon } from '../../read-horizon.ts';
import type { ConversationFacts, MEMBERSHIPS, MemberFacts } from '../evidence/gather-marks.ts';
import type { PossibleRead } from '../evidence/gather-reads.ts';

const SID_BYTES = 16;
const CONVERSATION_BYTES = 27;
/** Up to the membership. */
const MEMBER_BYTES = 19;
const MEMBERSHIP_BYTES = 15;
/** Of a horizon; most have nothing of what others told. */
const HORIZON_BYTES = 10;
const BY_OTHER_BYTES = 8;
/** And of these, most told one index only. */
const BELOW_OTHER_BYTES = 8;
const READ_BYTES = 28;
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
 * Packs what is told of members as `record-n.lua` reads it (its MEMBER_MARK, MEMBERSHIP and HORIZON formats).
 *
 * @param placeOf place of a member's hash among the call's keys, from 1
 */
export function packMembers(facts: readonly MemberFacts[], placeOf: (facts: MemberFacts) => number): Buffer {
  let size = 0;
  for (const { horizon } of facts) size += MEMBER_BYTES + membershipBytes(horizon);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const one of facts) {
    const { conversation, read, membership, changed, horizon } = one;
    at = bytes.writeUInt16LE(placeOf(one), at);
    at = packSid(bytes, at, conversation);
    bytes[at] = membershipBytes(horizon);
    at = bytes.writeUInt32LE(read, at + 1);
    at = bytes.writeUIntLE(one.at, at, INSTANT_BYTES);
    bytes[at] = KINDS[membership];
    at = bytes.writeUInt32LE(changed, at + 1);
    if (horizon !== null) at = packHorizon(bytes, at, horizon);
  }
  return bytes;
}

function membershipBytes(horizon: ReadHorizon | null): number {
  if (horizon === null) return MEMBERSHIP_BYTES;
  const byOthers =
    (horizon.byOther > 0 ? BY_OTHER_BYTES : 0) + (horizon.belowOther > 0 ? BELOW_OTHER_BYTES : 0);
  return MEMBERSHIP_BYTES + HORIZON_BYTES + byOthers;
}

function packHorizon(bytes: Buffer, from: number, horizon: ReadHorizon): number {
  const { month, highest, before, byOther, byOtherAt, belowOther, othersFrom } = horizon;
  const starts = monthStartSeconds(month) * 1000;
  let at = bytes.writeUInt16LE(monthCode(month), from);
  at = bytes.writeUInt32LE(highest, at);
  at = bytes.writeUInt32LE(before, at);
  if (byOther === 0) return at;
  at = bytes.writeUInt32LE(byOther, at);
  at = bytes.writeUInt32LE(byOtherAt - starts, at);
  if (belowOther === 0) return at;
  at = bytes.writeUInt32LE(belowOther, at);
  return bytes.writeUInt32LE(othersFrom - starts, at);
}

/** A possible read, and places from 1: of its person among the people, and of the member's hash among the call's keys. */
export interface PlacedRead extends PossibleRead {
  person: number;
  member: number;
}

/** Packs possible reads of a month as `record-n.lua` reads them (its READ format). */
export function packReads(reads: readonly PlacedRead[], month: Month): Buffer {
  const bytes = Buffer.allocUnsafe(reads.length * READ_BYTES);
  const starts = monthStartSeconds(month) * 1000;
  let offset = 0;
  for (const { person, member, conversation, index, at } of reads) {
    offset = bytes.writeUInt16LE(person, offset);
    offset = bytes.writeUInt16LE(member, offset);
    offset = packSid(bytes, offset, conversation);
    offset = bytes.writeUInt32LE(countUpTo(index), offset);
    offset = bytes.writeUInt32LE(at - starts, offset);
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
