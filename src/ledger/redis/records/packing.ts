import type { Identity } from '../../../domain/identity.ts';
import { monthStartSeconds } from '../../../domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../domain/signal.ts';
import type { AdmitRequest } from '../../ledger.ts';
import type { IdentityRecord, MintRecord } from '../../records.ts';
import type { CodeOf, NameKey, NameOf } from '../names/names.ts';

const HEAD_BYTES = 22;
const ROW_FIXED_BYTES = 14;

/**
 * Packs mints as `admit-n.lua` reads them (its MINT format); the last part of each is the row of the mint log,
 * which the script stores as it stands in nine cases of ten. `effective[i]` is the identity to sign for.
 */
export function packMints(
  requests: readonly AdmitRequest[],
  effective: readonly Identity[],
  codeOf: CodeOf,
): Buffer {
  let size = 0;
  for (let i = 0; i < requests.length; i++) {
    size += HEAD_BYTES + ROW_FIXED_BYTES + requests[i]!.identity.length + effective[i]!.length;
  }
  const bytes = Buffer.allocUnsafe(size);
  const starts = monthStartSeconds(requests[0]!.life.month);
  let at = 0;
  for (let i = 0; i < requests.length; i++) {
    const request = requests[i]!;
    const identity = effective[i]!;
    const own = identity === request.identity ? '' : request.identity;
    const classCode = codeOf('class', request.className);
    const issued = request.life.issuedAt - starts;
    const life = request.life.expiresAt - request.life.issuedAt;
    bytes[at] =
      (request.hidden ? 1 : 0) +
      (request.knownOnly ? 2 : 0) +
      (request.needsReason ? 4 : 0) +
      (own === '' ? 0 : 8);
    bytes[at + 1] = classCode;
    packNumber(bytes, at + 2, request.tenant === null ? 0 : codeOf('tenant', request.tenant));
    packNumber(bytes, at + 5, issued);
    packNumber(bytes, at + 8, request.policyMark);
    packNumber(bytes, at + 11, issued);
    packNumber(bytes, at + 14, life);
    packNumber(bytes, at + 17, request.policyMark);
    const rowFrom = at + HEAD_BYTES;
    packNumber(bytes, rowFrom, issued);
    bytes[rowFrom + 3] = classCode;
    bytes[rowFrom + 4] = codeOf('intent', request.intent);
    bytes[rowFrom + 5] = codeOf('rule', request.rule);
    bytes[rowFrom + 6] = 0;
    packNumber(bytes, rowFrom + 7, life);
    const rowEnd = packText(bytes, packText(bytes, rowFrom + 10, identity), own);
    bytes.writeUInt16LE(rowEnd - rowFrom, at + 20);
    at = rowEnd;
  }
  return bytes.subarray(0, at);
}

/** Writes three bytes, little-endian; `writeUIntLE` is several times slower. */
export function packNumber(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
}

export function packText(bytes: Buffer, at: number, text: string): number {
  bytes.writeUInt16LE(text.length, at);
  return at + 2 + bytes.write(text, at + 2, 'latin1');
}

/** The codes that {@link unpackRecord} will ask the names of. */
export function codesInRecord(bytes: Buffer, wanted: Set<NameKey>): void {
  wanted.add(`class:${bytes[19]!}`);
  const tenant = unpackNumber(bytes, 22);
  if (tenant > 0) wanted.add(`tenant:${tenant}`);
}

/** Reads one packed record of a people bucket; the layout stands in `lua/includes/record.lua`. */
export function unpackRecord(
  identity: Identity,
  bytes: Buffer,
  monthStarts: number,
  nameOf: NameOf,
): IdentityRecord {
  const mask = bytes.readUInt16LE(20);
  const signals: IdentityRecord['signals'] = [];
  let at = 28;
  for (let position = 0; position < SIGNALS.length; position++) {
    if ((mask & (1 << position)) === 0) continue;
    signals.push({
      signal: SIGNALS[position]!,
      firstAt: monthStarts + bytes.readUInt16LE(at) * 60,
      source: EVIDENCE_SOURCES[bytes[at + 2]!]!,
    });
    at += 3;
  }
  const tenant = unpackNumber(bytes, 22);
  return {
    identity,
    className: nameOf('class', bytes[19]!),
    tenant: tenant === 0 ? null : nameOf('tenant', tenant),
    firstSeen: monthStarts + unpackNumber(bytes, 25),
    lastSeen: monthStarts + unpackNumber(bytes, 0),
    mints: unpackNumber(bytes, 3),
    mask,
    signals,
  };
}

/** A row of the mint log as it is stored, names still as codes. */
export interface PackedMint extends Omit<MintRecord, 'className' | 'intent' | 'rule'> {
  codes: { class: number; intent: number; rule: number };
}

/** Reads the rows of one entry of the mint log; `lastOrdinal` is the entry's id. */
export function unpackMints(bytes: Buffer, lastOrdinal: number, monthStarts: number): PackedMint[] {
  const rows: PackedMint[] = [];
  let at = 0;
  while (at < bytes.length) {
    const issuedAt = monthStarts + unpackNumber(bytes, at);
    const identity = unpackText(bytes, at + 10);
    const own = unpackText(bytes, at + 12 + identity.length);
    rows.push({
      ordinal: 0,
      issuedAt,
      expiresAt: issuedAt + unpackNumber(bytes, at + 7),
      identity,
      subject: own === '' ? identity : own,
      codes: { class: bytes[at + 3]!, intent: bytes[at + 4]!, rule: bytes[at + 5]! },
      outcome: bytes[at + 6] === 1 ? 'new' : 'known',
    });
    at += ROW_FIXED_BYTES + identity.length + own.length;
  }
  rows.forEach((row, index) => {
    row.ordinal = lastOrdinal - rows.length + 1 + index;
  });
  return rows;
}

/** Three bytes, little-endian; `readUIntLE` is several times slower. */
function unpackNumber(bytes: Buffer, at: number): number {
  return bytes[at]! + bytes[at + 1]! * 0x100 + bytes[at + 2]! * 0x10000;
}

function unpackText(bytes: Buffer, at: number): Identity {
  return bytes.toString('latin1', at + 2, at + 2 + bytes.readUInt16LE(at)) as Identity;
}
