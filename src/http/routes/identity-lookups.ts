import { type Request, type Response, Router } from 'express';
import type { IdentityLookupAnswer } from '../../contract/identity-lookup.ts';
import { type Month, parseNamedMonth } from '../../domain/month.ts';
import { refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { EXPORT_MEDIA_TYPES, exportText } from '../../reports/export-formats.ts';
import { nameTable } from '../../reports/name-rows.ts';
import { streamExport } from '../../reports/stream-export.ts';
import type { Lookup, LookupDesk } from '../../steering/identity-lookup.ts';
import type { WriteTerms } from '../../steering/operator-write.ts';
import { readListBody } from '../list-body.ts';
import { lookupJson } from '../lookup-json.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import { findService, readQuery } from '../operator-query.ts';
import { checkReason, type OperatorWriteDeps } from '../operator-writes.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { isProblem, type Problem, refusedByHttp } from '../problem.ts';
import { requestIdOf } from '../request-scope.ts';
import { toNameRows } from '../to-name-rows.ts';

export interface IdentityLookupRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  lookups: LookupDesk;
}

const JSON_TYPE = 'application/json';
const TYPES = [JSON_TYPE, EXPORT_MEDIA_TYPES.csv, EXPORT_MEDIA_TYPES.ndjson];

/** Whoever does not take an answer for so long is cut off: others wait for their turn. */
const STALLED_MS = 60_000;

/** What the answer says of itself. */
type Asked = Pick<IdentityLookupAnswer, 'service' | 'month' | 'rows'>;

/**
 * Which identities the people of a list have. To be mounted at `/v1/identity-lookups`. The body is the list, so that the
 * reason stands in the query.
 */
export function createIdentityLookupRoutes(deps: IdentityLookupRoutesDeps): Router {
  const { gate, services, clock, lookups } = deps;
  const router = Router({ caseSensitive: true });
  // Each holds a whole list in memory.
  const alone = createOneAtATime('Another lookup is running; ask again when it is over.');

  router.post('/', gate.require('admin'), async (request, response, next) => {
    response.vary('Accept');
    const type = request.accepts(TYPES);
    if (type === false) {
      return next(refusedByHttp('not-acceptable', { detail: `This address gives ${TYPES.join(', ')}.` }));
    }
    const problem = await alone(() => answer(request, response, type));
    if (problem !== null) next(problem);
  });

  async function answer(request: Request, response: Response, type: string): Promise<Problem | null> {
    const order = readOrder(request, response);
    if (isProblem(order)) return order;
    const { service, month, terms } = order;
    const list = await readListBody(request);
    if (isProblem(list)) return list;
    const lookup = await lookups.run(service, list, month, terms);
    if ('outcome' in lookup) return lookup;
    await send(response, type, { service, month, rows: lookup.rows }, lookup);
    return null;
  }

  function readOrder(
    request: Request,
    response: Response,
  ): { service: ServiceName; month: Month | null; terms: WriteTerms } | Problem {
    const { query, faults } = readQuery(request, ['service', 'month', 'reason']);
    const nowMs = clock.now();
    const month = query.month === null ? null : parseNamedMonth(query.month, nowMs);
    if (query.month !== null && month === null) {
      faults.push({ pointer: '?month', detail: 'Must be YYYY-MM or `current`.' });
    }
    const reason = checkReason(query.reason);
    if (typeof reason !== 'string' && reason.code === 'invalid-request') faults.push(...reason.errors);
    if (faults.length > 0 || typeof reason !== 'string') {
      return refused('invalid-request', { detail: 'The request has faults.', errors: faults });
    }
    const service = findService(services, query.service);
    if (isProblem(service)) return service;
    const operator = operatorOf(response);
    const terms = {
      operator,
      nowMs,
      reason,
      requestId: requestIdOf(response),
      ifMatch: null,
      repeatable: null,
    };
    return { service, month, terms };
  }

  return router;
}

async function send(response: Response, type: string, asked: Asked, { people }: Lookup): Promise<void> {
  const ofMonth = asked.month !== null;
  const format = type === EXPORT_MEDIA_TYPES.csv ? 'csv' : 'ndjson';
  const pages = toNameRows(people, ofMonth);
  const pieces =
    type === JSON_TYPE ? lookupJson(asked, pages) : exportText(nameTable({ ofMonth }), format, pages);
  response.setTimeout(STALLED_MS, () => response.destroy());
  await streamExport(pieces, response, () => {
    response.set({ 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' });
    if (type === JSON_TYPE) return;
    const name = ['mau-guard', asked.service, asked.month, 'names'].filter((part) => part !== null).join('-');
    response.set('Content-Disposition', `attachment; filename="${name}.${format}"`);
  });
}
