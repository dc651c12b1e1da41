import { Router } from 'express';
import type { BackfillAnswer } from '../../contract/backfill.ts';
import { reasonWriteSchema } from '../../contract/steering.ts';
import { refused } from '../../domain/refusal.ts';
import type { Backfill } from '../../signals/backfill/create-backfill.ts';
import type { BackfillDesk } from '../../steering/backfill-desk.ts';
import { monthOfPath } from '../month-of-path.ts';
import { createMonthReadHandler } from '../operator-read.ts';
import { createWriteHandler, type OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface BackfillRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  backfill: Pick<Backfill, 'read'>;
  desk: BackfillDesk;
}

/** Reading months at Twilio. To be mounted at `/v1/months`, beside the months themselves. */
export function createBackfillRoutes(deps: BackfillRoutesDeps): Router {
  const { gate, clock, backfill, desk } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/:month/backfill',
    gate.require('viewer'),
    acceptsJson,
    createMonthReadHandler(deps, [], async ({ service, month }) => {
      const progress = await backfill.read(service, month);
      if (progress === null) return refused('not-found', { detail: `${month} was never read at Twilio.` });
      return { ...progress, unseen: [...progress.unseen] } satisfies BackfillAnswer;
    }),
  );

  router.post(
    '/:month/backfill',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: reasonWriteSchema,
      ifMatch: 'allowed',
      target: (request) => monthOfPath(request, clock.now()),
      run: ({ service, target, terms }) => desk.order(service, target, terms),
    }),
  );

  return router;
}
