import { Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Reconciler } from '../../reconcile/reconciler.ts';
import { goneSignal } from '../gone-signal.ts';
import { monthOfPath } from '../month-of-path.ts';
import { refusedQuery } from '../operator-query.ts';
import { createReadHandler } from '../operator-read.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface ReconciliationRoutesDeps {
  gate: OperatorGate;
  clock: Clock;
  services: readonly ServiceName[];
  reconciler: Reconciler;
}

/** The ledger against Twilio's own record. To be mounted at `/v1/months`, beside the months themselves. */
export function createReconciliationRoutes(deps: ReconciliationRoutesDeps): Router {
  const { gate, clock, services, reconciler } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/:month/reconciliation',
    gate.require('finance'),
    acceptsJson,
    createReadHandler(services, [], async ({ service }, request) => {
      const month = monthOfPath(request, clock.now());
      return Array.isArray(month) ? refusedQuery(month) : reconciler.read(service, month);
    }),
  );

  // Changes nothing that anybody steers by: it asks Twilio, and what it said is kept beside what it said before.
  router.post(
    '/:month/reconciliation',
    gate.require('finance'),
    acceptsJson,
    createReadHandler(services, ['people'], async ({ service, query }, request, response) => {
      const month = monthOfPath(request, clock.now());
      const faults = Array.isArray(month) ? [...month] : [];
      if (query.people !== null && query.people !== 'true' && query.people !== 'false') {
        faults.push({ pointer: '?people', detail: 'Must be true or false.' });
      }
      if (faults.length > 0 || Array.isArray(month)) return refusedQuery(faults);
      const signal = goneSignal(response);
      const pulled = reconciler.pull(service, month, { people: query.people === 'true', signal });
      return pulled.catch((error: unknown) => {
        // Nobody is there any more to read an answer.
        if (signal.aborted) return {};
        throw error;
      });
    }),
  );

  return router;
}
