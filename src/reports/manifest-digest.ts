import { createHash } from 'node:crypto';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { type ExportFormat, headOf, lineEncoderOf } from './export-formats.ts';
import { IDENTITY_TABLE, listIdentities } from './identity-rows.ts';
import { readAll } from './listing.ts';

/** What the bytes of an export come to. */
export interface ExportDigest {
  rows: number;
  /** Lower-case hex. */
  sha256: string;
}

/** Everybody: a manifest is about the whole month. */
const NO_FILTER = { className: null, signals: [], not: [], beginning: null };

/** Reads the month's identities once and digests the export of each format. Rejects as the ledger does. */
export async function digestExports(
  ledger: Pick<LedgerReader, 'identities'>,
  service: ServiceName,
  month: Month,
): Promise<Record<ExportFormat, ExportDigest>> {
  const listing = listIdentities(ledger, service, month, NO_FILTER);
  const csv = startDigest('csv');
  const ndjson = startDigest('ndjson');
  let rows = 0;
  for await (const items of readAll(listing)) {
    csv.hash.update(items.map(csv.lineOf).join(''));
    ndjson.hash.update(items.map(ndjson.lineOf).join(''));
    rows += items.length;
  }
  return {
    csv: { rows, sha256: csv.hash.digest('hex') },
    ndjson: { rows, sha256: ndjson.hash.digest('hex') },
  };
}

function startDigest(format: ExportFormat) {
  const hash = createHash('sha256').update(headOf(IDENTITY_TABLE, format));
  return { hash, lineOf: lineEncoderOf(IDENTITY_TABLE, format) };
}
