import type { PersonEvidence } from '../evidence/gather-evidence.ts';
import { packNumber, packText } from './packing.ts';

const PERSON_BYTES = 16;
const PIECE_BYTES = 5;

/**
 * Packs the evidence of one person in a month as `record-n.lua` reads it (its PERSON and PIECE formats).
 *
 * @param where `starts`: when the month began, in seconds; `classCode`: 0 when the person is in the month already;
 *   `dayPlace`: place of the day of the earliest instant among the call's keys, from 1
 */
export function packPerson(
  { identity, firstAt, lastAt, pieces }: PersonEvidence,
  { starts, classCode, dayPlace }: { starts: number; classCode: number; dayPlace: number },
): Buffer {
  const [first, ...others] = pieces;
  const bytes = Buffer.allocUnsafe(PERSON_BYTES + identity.length + others.length * PIECE_BYTES);
  bytes[0] = classCode;
  packNumber(bytes, 1, firstAt - starts);
  packNumber(bytes, 4, lastAt - starts);
  bytes[7] = dayPlace;
  let at = packPiece(bytes, 8, first!);
  bytes[at] = others.length;
  at = packText(bytes, at + 1, identity);
  for (const piece of others) at = packPiece(bytes, at, piece);
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
