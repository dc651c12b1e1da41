import { instantOf } from '../domain/instant.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { MintRecord } from '../ledger/records.ts';
import type { ExportTable } from './export-formats.ts';
import type { Listing } from './listing.ts';

/** One mint as the operator API gives it. Instants are ISO-8601. */
export interface MintRow {
  /** `<month>-<ordinal>`, unique for the service. */
  id: string;
  at: string;
  identity: string;
  class: string;
  /** The person's own identity; another than `identity` after a link. */
  subject: string;
  intent: string;
  /** Reuses are counted, not logged: every row is a mint. */
  outcome: 'minted';
  expiresAt: string;
  /** The policy rule that allowed it. */
  rule: string;
  /** Whether this mint admitted the identity to the month. */
  first: boolean;
}

/** Which mints are asked for; all conditions must hold. */
export interface MintFilter {
  /** Null: any class. */
  className: string | null;
  /** The identity or its beginning, case kept; null: any. */
  beginning: string | null;
}

function buildMintRow(month: Month, record: MintRecord): MintRow {
  return {
    id: `${month}-${record.ordinal}`,
    at: instantOf(record.issuedAt),
    identity: record.identity,
    class: record.className,
    subject: record.subject,
    intent: record.intent,
    outcome: 'minted',
    expiresAt: instantOf(record.expiresAt),
    rule: record.rule,
    first: record.outcome === 'new',
  };
}

/** The mint export; columns are fixed by the contract, new ones only at the end. */
export function mintTable(month: Month): ExportTable<MintRecord, MintRow> {
  return {
    columns: ['id', 'at', 'identity', 'class', 'subject', 'intent', 'outcome', 'expiresAt', 'rule', 'first'],
    cells: (record) => [
      `${month}-${record.ordinal}`,
      instantOf(record.issuedAt),
      record.identity,
      record.className,
      record.subject,
      record.intent,
      'minted',
      instantOf(record.expiresAt),
      record.rule,
      String(record.outcome === 'new'),
    ],
    row: (record) => buildMintRow(month, record),
  };
}

/** The month's mints that pass the filter, in the order of their ordinals. */
export function listMints(
  reader: Pick<LedgerReader, 'mints'>,
  service: ServiceName,
  month: Month,
  filter: MintFilter,
): Listing<MintRecord> {
  return {
    read: (page) => reader.mints(service, month, page),
    matches: buildMatch(filter),
    markOf: (record) => String(record.ordinal),
    isBehind: (record, mark) => record.ordinal > Number(mark),
  };
}

function buildMatch({ className, beginning }: MintFilter): ((record: MintRecord) => boolean) | null {
  if (className === null && beginning === null) return null;
  return (record) =>
    (className === null || record.className === className) &&
    (beginning === null || record.identity.startsWith(beginning));
}
