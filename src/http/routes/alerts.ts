import { Router } from 'express';
import type { ServiceName } from '../../domain/service-name.ts';
import type { AlertBook } from '../../ledger/alert-book.ts';
import { readAlertPage } from '../../reports/alert-page.ts';
import { PAGE_ROWS, parseListingQuery } from '../../reports/listing-query.ts';
import { findService, refusedQuery, STRANGE_CURSOR } from '../operator-query.ts';
import type { OperatorGate } from '../operators.ts';
import { isProblem } from '../problem.ts';
import { searchOf } from '../search-of.ts';
import { acceptsJson, sendFresh } from '../send-json.ts';

export interface AlertRoutesDeps {
  ledger: Pick<AlertBook, 'alerts'>;
  gate: OperatorGate;
  services: readonly ServiceName[];
}

/** Alerts that fired and what became of them at each target. To be mounted at `/v1/alerts`. */
export function createAlertRoutes({ ledger, gate, services }: AlertRoutesDeps): Router {
  const router = Router({ caseSensitive: true });

  router.get('/', gate.require('viewer'), acceptsJson, async (request, response, next) => {
    const query = parseListingQuery(searchOf(request), ['service', 'cursor', 'limit']);
    if (Array.isArray(query)) return next(refusedQuery(query));
    const service = findService(services, query.service);
    if (isProblem(service)) return next(service);
    const { cursor, limit } = query;
    const page = await readAlertPage(ledger, service, { cursor, limit: limit ?? PAGE_ROWS });
    if (page === null) return next(refusedQuery([STRANGE_CURSOR]));
    sendFresh(response, page);
  });

  return router;
}
