import { EVIDENCE_SOURCES } from '../../../domain/signal.ts';
import type { MonthReplay } from '../../replay-by-month.ts';
import type { CodeOf } from '../names/names.ts';
import { packNumber, packText } from '../records/packing.ts';

const HEAD_BYTES = 17;
const ROW_FIXED_BYTES = 14;

/** Packs a mint as `replay-n.lua` reads it (its MINT format), with the row as it goes to the log. */
export function packReplay(
  { kind, mint, firstSeen, at }: MonthReplay,
  { starts, journals }: { starts: number; journals: readonly string[] },
  codeOf: CodeOf,
): Buffer {
  const { identity, journal } = mint;
  const own = mint.own === identity ? '' : mint.own;
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + 4 + ROW_FIXED_BYTES + 2 * identity.length + own.length);
  bytes[0] = kind === 'mint' ? 1 : 0;
  bytes[1] = codeOf('class', mint.className);
  packNumber(bytes, 2, mint.tenant === null ? 0 : codeOf('tenant', mint.tenant));
  packNumber(bytes, 5, firstSeen - starts);
  packNumber(bytes, 8, at - starts);
  bytes[11] = EVIDENCE_SOURCES.indexOf(kind === 'mint' ? 'gateway' : 'previous-month');
  bytes[12] = journal === null ? 0 : journals.indexOf(journal.id) + 1;
  bytes.writeUInt32LE(journal === null ? 0 : journal.number, 13);
  const row = packText(bytes, HEAD_BYTES, identity) + 2;
  packNumber(bytes, row, at - starts);
  bytes[row + 3] = codeOf('class', mint.className);
  bytes[row + 4] = codeOf('intent', mint.intent);
  bytes[row + 5] = codeOf('rule', mint.rule);
  bytes[row + 6] = 0;
  packNumber(bytes, row + 7, mint.expiresAt - mint.issuedAt);
  const rowEnd = packText(bytes, packText(bytes, row + 10, identity), own);
  bytes.writeUInt16LE(rowEnd - row, row - 2);
  return bytes.subarray(0, rowEnd);
}
