import { Router } from 'express';
import type { Reckoning } from '../../domain/reckoning.ts';
import { ROW_POSITION } from '../../ledger/page.ts';
import type { LedgerSteering } from '../../ledger/steering.ts';
import { buildAuditPage } from '../../ops/audit-page.ts';
import { buildCountingPage } from '../../ops/counting-page.ts';
import { NOTICES } from '../../ops/notices.ts';
import { encodeCursor, FIRST_PAGE, parseCursor } from '../../reports/page-cursor.ts';
import { readAudit } from '../../steering/audit-log.ts';
import type { OpsContext } from './ops-context.ts';

export interface OpsListsDeps {
  ledger: Pick<LedgerSteering, 'audit'>;
  reckoning: Reckoning;
}

const ROWS = 40;

/** The audit log and what counts. To be mounted at `/ops`. */
export function createOpsLists(deps: OpsListsDeps, context: OpsContext): Router {
  const { ledger, reckoning } = deps;
  const { enter, visitOf, sendNotice, page } = context;
  const router = Router({ caseSensitive: true });

  router.get(
    '/audit',
    enter('admin'),
    page(async (request, response) => {
      const { frame, search } = visitOf(response);
      const { service } = frame.visitor;
      const cursor = search.get('cursor');
      const from = cursor === null ? FIRST_PAGE : parseCursor(cursor, [service, 'audit'], ROW_POSITION);
      if (from === null)
        return sendNotice(request, response, 400, { ...NOTICES.noQuestion, to: '/ops/audit' });
      const { items, next } = await readAudit(ledger, service, { after: from.position, limit: ROWS });
      const nextCursor = next && encodeCursor({ position: next, after: null }, [service, 'audit']);
      response.send(buildAuditPage({ frame, page: { items, nextCursor }, cursor, limit: ROWS }));
    }),
  );

  router.get('/counting', enter('viewer'), (_request, response) => {
    response.send(buildCountingPage(visitOf(response).frame, reckoning.rules));
  });

  return router;
}
