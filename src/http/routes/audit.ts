import { Router } from 'express';
import type { ServiceName } from '../../domain/service-name.ts';
import { ROW_POSITION } from '../../ledger/page.ts';
import type { LedgerSteering } from '../../ledger/steering.ts';
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../../reports/listing-query.ts';
import { encodeCursor, FIRST_PAGE, parseCursor } from '../../reports/page-cursor.ts';
import { readAudit } from '../../steering/audit-log.ts';
import { refusedQuery, STRANGE_CURSOR } from '../operator-query.ts';
import { createReadHandler } from '../operator-read.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface AuditRoutesDeps {
  gate: OperatorGate;
  services: readonly ServiceName[];
  ledger: Pick<LedgerSteering, 'audit'>;
}

/** Every write of an operator, newest first. To be mounted at `/v1/audit`. */
export function createAuditRoutes({ gate, services, ledger }: AuditRoutesDeps): Router {
  const router = Router({ caseSensitive: true });
  router.get(
    '/',
    gate.require('admin'),
    acceptsJson,
    createReadHandler(services, ['cursor', 'limit'], async ({ service, query }) => {
      const question = [service, 'audit'];
      const from = query.cursor === null ? FIRST_PAGE : parseCursor(query.cursor, question, ROW_POSITION);
      const limit = query.limit === null ? PAGE_ROWS : parseLimit(query.limit);
      const faults = [
        ...(from === null ? [STRANGE_CURSOR] : []),
        ...(limit === null
          ? [{ pointer: '?limit', detail: `Must be a whole number from 1 to ${PAGE_ROWS_MAX}.` }]
          : []),
      ];
      if (from === null || limit === null) return refusedQuery(faults);
      const { items, next } = await readAudit(ledger, service, { after: from.position, limit });
      const nextCursor = next === null ? null : encodeCursor({ position: next, after: null }, question);
      return { items, nextCursor };
    }),
  );
  return router;
}

function parseLimit(text: string): number | null {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= PAGE_ROWS_MAX ? limit : null;
}
