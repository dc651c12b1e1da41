import type { Identity } from '../../../domain/identity.ts';
import { monthEndSeconds, monthStartSeconds } from '../../../domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../domain/signal.ts';
import type { TokenLife } from '../../../domain/token-life.ts';
import type { AdmitRequest } from '../../ledger.ts';
import type { IdentityRecord, MintRecord } from '../../records.ts';
import type { CodeOf, NameKey, NameOf } from '../names/names.ts';

/** Bytes of a mint in the argument of `admit-n.lua`, and of a row of the mint log beside its texts. */
const MINT_BYTES = 22;
const ROW_FIXED_BYTES = 14;
/** Flags of its header. */
const NEWCOMERS_WAIT = 1;
const HAS_OTHER_MONTH = 2;
/** A record has four bytes for it. */
const ORDINAL_MAX = 0xffff_ffff;

/** The header of `admit-n.lua`'s packed argument, but for what each call has of its own. */
export function packAdmitHeader({ month, otherMonth, issuedAt }: TokenLife): Buffer {
  const day = new Date(issuedAt * 1000).toISOString().slice(8, 10);
  const own = Buffer.from(`\0\0\0\0\0minted:${day}${month}`, 'latin1');
  if (otherMonth === null) return own;
  own[4] = HAS_OTHER_MONTH;
  const other = Buffer.alloc(16);
  [otherMonth, month].forEach((one, position) => {
    other.writeUInt32LE(monthStartSeconds(one), 8 * position);
    other.writeUInt32LE(monthEndSeconds(one), 8 * position + 4);
  });
  return Buffer.concat([own, Buffer.from(otherMonth, 'latin1'), other]);
}

/** What the header of one call says beside its days and months. */
export interface AdmitState {
  /** The highest ordinal of the month that the caller has read; 0 none. */
  mark: number;
  newcomersWait: boolean;
}

/** Two arguments of `admit-n.lua`; the script stores the rows as they stand in nine cases of ten. */
export interface PackedMints {
  /** The header and every mint. */
  packed: Buffer;
  /** Rows of the mint log, one behind the other. */
  rows: Buffer;
}

/** Packs mints as `admit-n.lua` reads them. `effective[i]` is the identity to sign for. */
export function packMints(
  header: Buffer,
  { mark, newcomersWait }: AdmitState,
  requests: readonly AdmitRequest[],
  effective: readonly Identity[],
  codeOf: CodeOf,
): PackedMints {
  let rowBytes = 0;
  for (let i = 0; i < requests.length; i++) {
    rowBytes += ROW_FIXED_BYTES + requests[i]!.identity.length + effective[i]!.length;
  }
  const packed = Buffer.allocUnsafe(header.length + MINT_BYTES * requests.length);
  header.copy(packed);
  packed.writeUInt32LE(Math.min(mark, ORDINAL_MAX), 0);
  if (newcomersWait) packed[4]! |= NEWCOMERS_WAIT;
  const rows = Buffer.allocUnsafe(rowBytes);
  const starts = monthStartSeconds(requests[0]!.life.month);
  let at = header.length;
  let rowAt = 0;
  for (let i = 0; i < requests.length; i++) {
    const request = requests[i]!;
    const identity = effective[i]!;
    const own = identity === request.identity ? '' : request.identity;
    const classCode = codeOf('class', request.className);
    const issued = request.life.issuedAt - starts;
    const life = request.life.expiresAt - request.life.issuedAt;
    packNumber(rows, rowAt, issued);
    rows[rowAt + 3] = classCode;
    rows[rowAt + 4] = codeOf('intent', request.intent);
    rows[rowAt + 5] = codeOf('rule', request.rule);
    rows[rowAt + 6] = 0;
    packNumber(rows, rowAt + 7, life);
    const rowEnd = packText(rows, packText(rows, rowAt + 10, identity), own);
    packNumber(packed, at, issued);
    packNumber(packed, at + 3, request.policyMark);
    packNumber(packed, at + 6, issued);
    packNumber(packed, at + 9, life);
    packNumber(packed, at + 12, request.policyMark);
    packed[at + 15] = classCode;
    packed[at + 16] = 1 + 2 * packFlags(request, own);
    packed.writeUInt16LE(rowEnd - rowAt, at + 17);
    packNumber(packed, at + 19, request.tenant === null ? 0 : codeOf('tenant', request.tenant));
    at += MINT_BYTES;
    rowAt = rowEnd;
  }
  return { packed, rows: rows.subarray(0, rowAt) };
}

function packFlags({ hidden, knownOnly, needsReason }: AdmitRequest, own: string): number {
  return (hidden ? 1 : 0) + (knownOnly ? 2 : 0) + (needsReason ? 4 : 0) + (own === '' ? 0 : 8);
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

/**
 * Reads one packed record of a people bucket; the layout stands in `lua/includes/record.lua`.
 *
 * @throws RangeError when the bytes are none
 */
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
    const firstAt = monthStarts + bytes.readUInt16LE(at) * 60;
    const source = EVIDENCE_SOURCES[bytes[at + 2]!];
    if (source === undefined) throw new RangeError(`${SIGNALS[position]} of source ${bytes[at + 2]}`);
    signals.push({ signal: SIGNALS[position]!, firstAt, source });
    at += 3;
  }
  if (at !== bytes.length) throw new RangeError(`${bytes.length} bytes where its signals take ${at}`);
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

/**
 * Reads the rows of one entry of the mint log; `lastOrdinal` is the entry's id.
 *
 * @throws RangeError when the bytes are none
 */
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
  const end = at + 2 + bytes.readUInt16LE(at);
  if (end > bytes.length) throw new RangeError(`a text up to byte ${end} of ${bytes.length}`);
  return bytes.toString('latin1', at + 2, end) as Identity;
}
