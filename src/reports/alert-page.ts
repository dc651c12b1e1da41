import type { AlertRow, AlertsPage } from '../contract/alerts.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Alert, AlertBook, Delivery } from '../ledger/alert-book.ts';
import { ROW_POSITION } from '../ledger/page.ts';
import { encodeCursor, parseCursor } from './page-cursor.ts';

/** A page of fired alerts, newest first; null when the cursor is malformed or belongs to another listing or service. */
export async function readAlertPage(
  ledger: Pick<AlertBook, 'alerts'>,
  service: ServiceName,
  { cursor, limit }: { cursor: string | null; limit: number },
): Promise<AlertsPage | null> {
  const question = [service, 'alerts'];
  const from = cursor === null ? { position: null } : parseCursor(cursor, question, ROW_POSITION);
  if (from === null) return null;
  const { items, next } = await ledger.alerts(service, { after: from.position, limit });
  return {
    items: items.map(rowOf),
    nextCursor: next && encodeCursor({ position: next, after: null }, question),
  };
}

function rowOf(alert: Alert & { deliveries: readonly Delivery[] }): AlertRow {
  const { id, at, month, budget, threshold, state, limit, used, deliveries } = alert;
  return {
    ...{ id, at: instantOfMs(at), month, budget, threshold, state, limit, used },
    deliveries: deliveries.map(({ target, state, attempts, lastAttemptAt, dueAt, error }) => ({
      ...{ target, state, attempts },
      lastAttemptAt: lastAttemptAt === null ? null : instantOfMs(lastAttemptAt),
      dueAt: dueAt === null ? null : instantOfMs(dueAt),
      error,
    })),
  };
}

function instantOfMs(ms: number): string {
  return new Date(ms).toISOString();
}
