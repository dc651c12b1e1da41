import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthDocuments } from '../ledger/month-documents.ts';
import type { ExportFormat } from '../reports/export-formats.ts';
import type { Manifest } from '../reports/manifest.ts';
import type { MonthSummary } from '../reports/month-summary.ts';

/** What was frozen when a month was closed; nothing changes it any more. */
export interface ClosedMonth {
  month: Month;
  service: ServiceName;
  /** ISO-8601. */
  closedAt: string;
  /** Name of the operator. */
  closedBy: string;
  summary: MonthSummary;
  /** The counting rules and the price table behind the figures, as they were. */
  rules: object;
  prices: object;
  /** Of the identity export as it was. */
  manifests: Record<ExportFormat, Manifest>;
}

/** Under which a closed month is kept in the month book. */
export const CLOSED = 'closed';

/** Null while the month is open. */
export async function readClosedMonth(
  ledger: Pick<MonthDocuments, 'documents'>,
  service: ServiceName,
  month: Month,
): Promise<ClosedMonth | null> {
  const documents = await ledger.documents(service, month, CLOSED);
  const document = documents.find(({ name }) => name === CLOSED);
  return document === undefined ? null : (JSON.parse(document.text) as ClosedMonth);
}
