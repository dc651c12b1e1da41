import { EVIDENCE_SOURCES, SIGNALS } from '../../../domain/signal.ts';
import type { IdentityRecord, MintRecord } from '../../records.ts';
import type { CodeOf } from '../names/names.ts';

const RECORD_HEAD_BYTES = 28;
const SIGNAL_BYTES = 3;
const MINT_FIXED_BYTES = 14;

/**
 * Packs a record of a people bucket; the layout stands in `lua/includes/record.lua`. The last mint, by which a token is
 * given out again, is left out: such a token has long ended.
 */
export function packPersonBack(record: IdentityRecord, monthStarts: number, codeOf: CodeOf): Buffer {
  const bytes = Buffer.alloc(RECORD_HEAD_BYTES + record.signals.length * SIGNAL_BYTES);
  bytes.writeUIntLE(record.lastSeen - monthStarts, 0, 3);
  bytes.writeUIntLE(record.mints, 3, 3);
  bytes[19] = codeOf('class', record.className);
  bytes.writeUInt16LE(record.mask, 20);
  bytes.writeUIntLE(record.tenant === null ? 0 : codeOf('tenant', record.tenant), 22, 3);
  bytes.writeUIntLE(record.firstSeen - monthStarts, 25, 3);
  let at = RECORD_HEAD_BYTES;
  // In bit order, as the mask has them.
  for (const signal of SIGNALS) {
    const seen = record.signals.find((one) => one.signal === signal);
    if (seen === undefined) continue;
    bytes.writeUInt16LE(Math.floor((seen.firstAt - monthStarts) / 60), at);
    bytes[at + 2] = EVIDENCE_SOURCES.indexOf(seen.source);
    at += SIGNAL_BYTES;
  }
  return bytes;
}

/** Packs a row of the mint log as `packing.ts` reads it. */
export function packMintBack(record: MintRecord, monthStarts: number, codeOf: CodeOf): Buffer {
  const own = record.subject === record.identity ? '' : record.subject;
  const bytes = Buffer.alloc(MINT_FIXED_BYTES + record.identity.length + own.length);
  bytes.writeUIntLE(record.issuedAt - monthStarts, 0, 3);
  bytes[3] = codeOf('class', record.className);
  bytes[4] = codeOf('intent', record.intent);
  bytes[5] = codeOf('rule', record.rule);
  bytes[6] = record.outcome === 'new' ? 1 : 0;
  bytes.writeUIntLE(record.expiresAt - record.issuedAt, 7, 3);
  let at = 10;
  for (const text of [record.identity, own]) {
    bytes.writeUInt16LE(text.length, at);
    at += 2 + bytes.write(text, at + 2, 'latin1');
  }
  return bytes;
}
