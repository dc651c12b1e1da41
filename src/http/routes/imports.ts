import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { type InputFault, refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { ImportDesk, ImportFile } from '../../steering/import-desk.ts';
import type { WriteTerms } from '../../steering/operator-write.ts';
import { readListBody } from '../list-body.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import { findService, readQuery } from '../operator-query.ts';
import { checkReason, fingerprintOf, type OperatorWriteDeps, sendWritten } from '../operator-writes.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { isProblem, type Problem } from '../problem.ts';
import { requestIdOf } from '../request-scope.ts';
import { readWriteConditions } from '../write-conditions.ts';

export interface ImportRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  imports: ImportDesk;
}

/**
 * Existing user → identity pairs. To be mounted at `/v1/identity-imports`. The body is the file, so that the reason
 * stands in the query; a dry run writes nothing and needs none.
 */
export function createImportRoutes(deps: ImportRoutesDeps): Router {
  const { gate, services, clock, imports } = deps;
  const router = Router({ caseSensitive: true });
  // Each holds a whole file in memory, and two might link what neither of them sees.
  const alone = createOneAtATime('Another import is running; ask again when it is over.');

  router.post('/', gate.require('admin'), async (request, response, next) => {
    const written = await alone(async () => {
      const order = await readOrder(request, response);
      return isProblem(order) ? order : imports.run(order.service, order.file, order.terms);
    });
    if ('outcome' in written) return next(written);
    sendWritten(response, written);
  });

  async function readOrder(
    request: Request,
    response: Response,
  ): Promise<{ service: ServiceName; file: ImportFile; terms: WriteTerms } | Problem> {
    const { query, faults } = readQuery(request, ['service', 'dryRun', 'reason']);
    const dryRun = query.dryRun === 'true';
    if (query.dryRun !== null && !dryRun && query.dryRun !== 'false') {
      faults.push({ pointer: '?dryRun', detail: 'Must be true or false.' });
    }
    const reason = dryRun && query.reason === null ? 'dry run' : checkReason(query.reason);
    if (typeof reason !== 'string' && reason.code === 'invalid-request') faults.push(...reason.errors);
    const conditions = readWriteConditions(request.headers, false);
    faults.push(...conditions.faults);
    if (faults.length > 0 || typeof reason !== 'string') return refuseRequest(faults);
    const service = findService(services, query.service);
    if (isProblem(service)) return service;

    const list = await readListBody(request);
    if (isProblem(list)) return list;

    const digest = createHash('sha256').update(list.body).digest('hex');
    const fingerprint = fingerprintOf(request, [service, dryRun, reason, list.format, digest]);
    const { idempotencyKey } = conditions;
    const terms = {
      operator: operatorOf(response),
      nowMs: clock.now(),
      reason,
      requestId: requestIdOf(response),
      ifMatch: null,
      repeatable: idempotencyKey === null ? null : { key: idempotencyKey, fingerprint },
    };
    return { service, file: { ...list, dryRun }, terms };
  }

  return router;
}

function refuseRequest(errors: InputFault[]): Problem {
  return refused('invalid-request', { detail: 'The request has faults.', errors });
}
