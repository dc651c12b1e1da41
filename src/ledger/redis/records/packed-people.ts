import type { PersonEvidence } from '../evidence/gather-evidence.ts';
import type { AlikePeople } from '../evidence/group-alike.ts';
import { packNumber, packText } from './packing.ts';

const GROUP_BYTES = 16;
const PIECE_BYTES = 5;
const LENGTH_BYTES = 2;

/**
 * Packs the evidence of people in a month as `record-n.lua` reads it (its GROUP, PIECE and IDENTITY formats).
 *
 * @param starts when the month began, s since the epoch
 * @param dayPlaceOf place of the day of an instant (s) among the call's keys, from 1
 */
export function packPeople(
  groups: readonly AlikePeople[],
  starts: number,
  dayPlaceOf: (instant: number) => number,
): Buffer {
  let size = 0;
  for (const { people } of groups) {
    size += GROUP_BYTES + (people[0]!.pieces.length - 1) * PIECE_BYTES;
    for (const { identity } of people) size += LENGTH_BYTES + identity.length;
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { classCode, people } of groups) {
    const { firstAt, lastAt, pieces } = people[0]!;
    const [first, ...others] = pieces;
    bytes[at] = classCode;
    packNumber(bytes, at + 1, firstAt - starts);
    packNumber(bytes, at + 4, lastAt - starts);
    bytes[at + 7] = dayPlaceOf(firstAt);
    at = packPiece(bytes, at + 8, first!);
    bytes[at] = others.length;
    at = bytes.writeUInt16LE(people.length, at + 1);
    for (const piece of others) at = packPiece(bytes, at, piece);
    for (const { identity } of people) at = packText(bytes, at, identity);
  }
  return bytes;
}

function packPiece(
  bytes: Buffer,
  at: number,
  { signals, minute, source }: PersonEvidence['pieces'][0],
): number {
  bytes.writeUInt16LE(signals, at);
  bytes.writeUInt16LE(minute, at + 2);
  bytes[at + 4] = source;
  return at + PIECE_BYTES;
}
