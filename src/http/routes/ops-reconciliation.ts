import { type Request, type Response, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import { type Month, monthOf, parseMonth } from '../../domain/month.ts';
import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';
import { opsAddress } from '../../ops/frame.ts';
import { NOTICES } from '../../ops/notices.ts';
import { buildReconciliationPage } from '../../ops/reconciliation-page.ts';
import type { Reconciler } from '../../reconcile/reconciler.ts';
import type { MonthReports } from '../../reports/month-reports.ts';
import { goneSignal } from '../gone-signal.ts';
import type { OpsContext } from './ops-context.ts';

export interface OpsReconciliationDeps {
  reconciler: () => Reconciler;
  reports: MonthReports;
  clock: Clock;
}

const MONTHS = 13;

/** The ledger beside Twilio's own figures, and the button that asks for them. To be mounted at `/ops`. */
export function createOpsReconciliation(deps: OpsReconciliationDeps, context: OpsContext): Router {
  const { reconciler, reports, clock } = deps;
  const { enter, visitOf, ownPagesOnly, sendNotice, sendFailure } = context;
  const router = Router({ caseSensitive: true });

  const forMonth = (act: (request: Request, response: Response, month: Month) => Promise<void>) => {
    return async (request: Request, response: Response) => {
      const asked = visitOf(response).search.get('month') ?? 'current';
      const month = asked === 'current' ? monthOf(clock.now()) : parseMonth(asked);
      if (month === null) return sendNotice(request, response, 400, NOTICES.noMonth);
      await act(request, response, month).catch((error: unknown) => sendFailure(request, response, error));
    };
  };

  router.get(
    '/reconciliation',
    enter('finance'),
    forMonth(async (_request, response, month) => {
      const { frame } = visitOf(response);
      const { service } = frame.visitor;
      const [reconciliation, known] = await Promise.all([
        reconciler().read(service, month),
        reports.months(service, MONTHS),
      ]);
      const months = known.includes(month) ? known : [...known, month].sort().reverse();
      response.send(buildReconciliationPage({ frame, reconciliation, months }));
    }),
  );

  // It changes nothing that anybody steers by, so it needs no reason: what Twilio said is kept beside what it said before.
  router.post(
    '/reconciliation',
    ownPagesOnly,
    enter('finance'),
    forMonth(async (_request, response, month) => {
      const { service } = visitOf(response).frame.visitor;
      const signal = goneSignal(response);
      await reconciler()
        .pull(service, month, { people: false, signal })
        .catch((error: unknown) => {
          // What went wrong is kept, and stands on the page.
          if (!(error instanceof TwilioUnavailable) && !signal.aborted) throw error;
        });
      response.redirect(303, opsAddress('/reconciliation', { month, service }));
    }),
  );

  return router;
}
