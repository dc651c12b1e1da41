import { Router } from 'express';
import { reasonWriteSchema } from '../../contract/steering.ts';
import type { FreezeDesk } from '../../steering/freeze-desk.ts';
import { createReadHandler } from '../operator-read.ts';
import { createWriteHandler, type OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface FreezeRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  freezes: FreezeDesk;
}

/** Stopping and allowing newcomers. To be mounted at `/v1/freeze`. */
export function createFreezeRoutes(deps: FreezeRoutesDeps): Router {
  const { gate, services, freezes } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/',
    gate.require('viewer'),
    acceptsJson,
    createReadHandler(services, [], async ({ service }, _request, response) => {
      const { view, state } = await freezes.read(service);
      response.setHeader('ETag', `"${state}"`);
      return view;
    }),
  );

  router.put(
    '/',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: reasonWriteSchema,
      ifMatch: 'allowed',
      target: () => null,
      run: ({ service, terms }) => freezes.freeze(service, terms),
    }),
  );

  router.delete(
    '/',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: null,
      ifMatch: 'allowed',
      target: () => null,
      run: ({ service, terms }) => freezes.lift(service, terms),
    }),
  );

  return router;
}
