import { Router } from 'express';
import { reasonWriteSchema } from '../../contract/steering.ts';
import type { ClosingDesk } from '../../reconcile/closing-desk.ts';
import { monthOfPath } from '../month-of-path.ts';
import { createMonthReadHandler } from '../operator-read.ts';
import { createWriteHandler, type OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface ClosingRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  closings: ClosingDesk;
}

/** Freezing months that are over. To be mounted at `/v1/months`, beside the months themselves. */
export function createClosingRoutes(deps: ClosingRoutesDeps): Router {
  const { gate, clock, closings } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/:month/close',
    gate.require('finance'),
    acceptsJson,
    createMonthReadHandler(deps, [], ({ service, month }) => closings.read(service, month)),
  );

  router.post(
    '/:month/close',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: reasonWriteSchema,
      ifMatch: 'allowed',
      target: (request) => monthOfPath(request, clock.now()),
      run: ({ service, target, terms }) => closings.close(service, target, terms),
    }),
  );

  return router;
}
