import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { MonthDocuments } from '../ledger/month-documents.ts';
import { findHygieneFindings, type HygieneFinding } from './hygiene.ts';

export type HygieneLedger = Pick<LedgerReader, 'totals' | 'days'> & Pick<MonthDocuments, 'documents'>;

/** The document that a backfill keeps of its progress. */
const BACKFILL = 'backfill';

/**
 * Findings of a month of the ledger. Reads totals and documents, never people. Rejects as the ledger does.
 *
 * @param nowMs ms since the epoch
 */
export async function readHygiene(
  ledger: HygieneLedger,
  service: ServiceName,
  month: Month,
  nowMs: number,
): Promise<HygieneFinding[]> {
  const [totals, days, addedByBackfill] = await Promise.all([
    ledger.totals(service, month),
    ledger.days(service, month),
    readAddedByBackfill(ledger, service, month),
  ]);
  return findHygieneFindings(totals, days, { addedByBackfill, nowMs });
}

/**
 * Identities of whom only backfills of the month told, the latest or those before it. Null for no backfill, and for one that
 * has not found anything yet.
 */
export async function readAddedByBackfill(
  ledger: Pick<MonthDocuments, 'documents'>,
  service: ServiceName,
  month: Month,
): Promise<number | null> {
  const documents = await ledger.documents(service, month, BACKFILL);
  const text = documents.find(({ name }) => name === BACKFILL)?.text;
  if (text === undefined) return null;
  const { found } = JSON.parse(text) as { found?: { added?: unknown; addedBefore?: unknown } };
  if (typeof found?.added !== 'number') return null;
  return found.added + (typeof found.addedBefore === 'number' ? found.addedBefore : 0);
}
