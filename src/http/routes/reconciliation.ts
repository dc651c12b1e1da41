import { type Request, Router } from 'express';
import type { z } from 'zod';
import { reasonGivenSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { PullDesk } from '../../reconcile/pull-desk.ts';
import type { Reconciler } from '../../reconcile/reconciler.ts';
import type { WriteTerms } from '../../steering/operator-write.ts';
import { goneSignal } from '../gone-signal.ts';
import { monthOfPath } from '../month-of-path.ts';
import { readOperatorBody } from '../operator-body.ts';
import { refusedQuery } from '../operator-query.ts';
import { createMonthReadHandler, createReadHandler } from '../operator-read.ts';
import { fingerprintOf } from '../operator-writes.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { requestIdOf } from '../request-scope.ts';
import { acceptsJson } from '../send-json.ts';
import { readWriteConditions } from '../write-conditions.ts';

export interface ReconciliationRoutesDeps {
  gate: OperatorGate;
  clock: Clock;
  services: readonly ServiceName[];
  reconciler: Pick<Reconciler, 'read'>;
  pulls: PullDesk;
}

/** The ledger against Twilio's own record. To be mounted at `/v1/months`, beside the months themselves. */
export function createReconciliationRoutes(deps: ReconciliationRoutesDeps): Router {
  const { gate, clock, services, reconciler, pulls } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/:month/reconciliation',
    gate.require('finance'),
    acceptsJson,
    createMonthReadHandler(deps, [], ({ service, month }) => reconciler.read(service, month)),
  );

  // It changes nothing that anybody steers by, so finance may, and the reason may be left out; who asked is written down.
  const pull = createReadHandler(services, ['people'], async ({ service, query }, request, response) => {
    const month = monthOfPath(request, clock.now());
    const conditions = readWriteConditions(request.headers, false);
    const faults = [...(Array.isArray(month) ? month : []), ...conditions.faults];
    if (query.people !== null && query.people !== 'true' && query.people !== 'false') {
      faults.push({ pointer: '?people', detail: 'Must be true or false.' });
    }
    const read = hasBody(request)
      ? await readOperatorBody(request, reasonGivenSchema, ['reason'])
      : { body: {} as z.infer<typeof reasonGivenSchema> };
    if ('problem' in read) {
      if (read.problem.code !== 'invalid-request') return read.problem;
      faults.push(...read.problem.errors);
    }
    if (faults.length > 0 || 'problem' in read || Array.isArray(month)) return refusedQuery(faults);
    const { reason = '' } = read.body;
    const people = query.people === 'true';
    const { idempotencyKey: key } = conditions;
    const signal = goneSignal(response);
    const terms: WriteTerms = {
      operator: operatorOf(response),
      nowMs: clock.now(),
      ...{ reason, requestId: requestIdOf(response), ifMatch: null },
      repeatable:
        key === null ? null : { key, fingerprint: fingerprintOf(request, [service, people, reason]) },
    };
    return pulls.pull(service, month, { people, signal }, terms).catch((error: unknown) => {
      // Nobody is there any more to read an answer.
      if (signal.aborted) return {};
      throw error;
    });
  });

  router.post('/:month/reconciliation', gate.require('finance'), acceptsJson, pull);

  return router;
}

/** Whether something is sent, and not only a header that says so. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
