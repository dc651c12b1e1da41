import type { ServiceName } from '../domain/service-name.ts';
import type { PageRequest } from '../ledger/page.ts';
import type { LedgerSteering, StoredAuditEntry } from '../ledger/steering.ts';

/** One operator write as the operator API gives it. */
export interface AuditRow extends Omit<StoredAuditEntry, 'at'> {
  /** ISO-8601. */
  at: string;
}

/** The writes of a service, newest first. */
export async function readAudit(
  ledger: Pick<LedgerSteering, 'audit'>,
  service: ServiceName,
  page: PageRequest,
): Promise<{ items: AuditRow[]; next: string | null }> {
  const { items, next } = await ledger.audit(service, page);
  return { next, items: items.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })) };
}
