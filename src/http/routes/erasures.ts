import { Router } from 'express';
import { erasureWriteSchema } from '../../contract/erasure.ts';
import type { ErasureDesk } from '../../steering/erasure-desk.ts';
import { createWriteHandler, type OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';

export interface ErasureRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  erasures: ErasureDesk;
}

/** Forgetting a person. To be mounted at `/v1/erasures`. */
export function createErasureRoutes(deps: ErasureRoutesDeps): Router {
  const router = Router({ caseSensitive: true });
  router.post(
    '/',
    deps.gate.require('admin'),
    createWriteHandler(deps, {
      schema: erasureWriteSchema,
      ifMatch: 'allowed',
      target: () => null,
      run: ({ service, body: { issuer, subject }, terms }) =>
        deps.erasures.erase(service, { issuer, subject, expecting: null }, terms),
    }),
  );
  return router;
}
