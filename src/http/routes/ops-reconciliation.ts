import { type Request, type RequestHandler, type Response, Router } from 'express';
import { reasonGivenSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Month, parseNamedMonth } from '../../domain/month.ts';
import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';
import type { FormFaults } from '../../ops/forms.ts';
import { opsAddress } from '../../ops/frame.ts';
import { NOTICES } from '../../ops/notices.ts';
import { buildReconciliationPage } from '../../ops/reconciliation-page.ts';
import { createPullDesk, type PullDeskParts } from '../../reconcile/pull-desk.ts';
import type { Reconciler } from '../../reconcile/reconciler.ts';
import { readMonthChoices } from '../../reports/month-choices.ts';
import type { MonthReports } from '../../reports/month-reports.ts';
import type { NoteDesk } from '../../steering/note-desk.ts';
import { goneSignal } from '../gone-signal.ts';
import { setOutcome } from '../request-scope.ts';
import type { OpsContext } from './ops-context.ts';
import { fieldsOf, onceText, parseForm, termsOf } from './ops-form-fields.ts';

export interface OpsReconciliationDeps {
  reconciler: () => Reconciler;
  notes: NoteDesk;
  reports: MonthReports;
  clock: Clock;
  /** Whether people of the month have left the ledger. */
  hasLostPeople: PullDeskParts['hasLostPeople'];
}

/** The ledger beside Twilio's own figures, and the button that asks for them. To be mounted at `/ops`. */
export function createOpsReconciliation(
  deps: OpsReconciliationDeps,
  context: OpsContext,
  form: RequestHandler,
): Router {
  const { reconciler, notes, reports, clock, hasLostPeople } = deps;
  const { enter, visitOf, ownPagesOnly, sendNotice, page } = context;
  const pulls = () => createPullDesk({ reconciler: reconciler(), notes, hasLostPeople });
  const router = Router({ caseSensitive: true });

  const forMonth = (act: (request: Request, response: Response, month: Month) => Promise<void>) =>
    page(async (request, response) => {
      const month = parseNamedMonth(visitOf(response).search.get('month') ?? 'current', clock.now());
      if (month === null) return sendNotice(request, response, 400, NOTICES.noMonth);
      await act(request, response, month);
    });

  router.get(
    '/reconciliation',
    enter('finance'),
    forMonth((_request, response, month) => sendPage(response, month, null)),
  );

  // It changes nothing that anybody steers by, so finance may, and the reason may be left out; who asked is written down.
  router.post(
    '/reconciliation',
    ownPagesOnly,
    enter('finance'),
    form,
    forMonth(async (request, response, month) => {
      const { service, operator } = visitOf(response).frame.visitor;
      const fields = fieldsOf(request, ['reason', 'once']);
      const input = parseForm(reasonGivenSchema, { reason: fields.reason.trim() || undefined });
      if ('faults' in input) return sendPage(response, month, { form: 'pull', typed: fields, ...input });
      const terms = termsOf({ request, response, operator, nowMs: clock.now(), fields, ifMatch: null });
      const signal = goneSignal(response);
      const pulled = await pulls()
        .pull(service, month, { people: false, signal }, terms)
        .catch((error: unknown) => {
          // What went wrong is kept, and stands on the page.
          if (error instanceof TwilioUnavailable || signal.aborted) return null;
          throw error;
        });
      if (pulled !== null && 'outcome' in pulled) {
        setOutcome(response, pulled);
        const faults = { form: 'pull', typed: fields, faults: [pulled.detail] };
        return sendPage(response.status(409), month, faults);
      }
      response.redirect(303, opsAddress('/reconciliation', { month, service }));
    }),
  );

  async function sendPage(response: Response, month: Month, faults: FormFaults | null): Promise<void> {
    const { frame } = visitOf(response);
    const { service } = frame.visitor;
    const [reconciliation, months] = await Promise.all([
      reconciler().read(service, month),
      readMonthChoices(reports, service, month),
    ]);
    if (faults !== null && response.statusCode === 200) response.status(422);
    response.send(buildReconciliationPage({ frame, reconciliation, months, faults, once: onceText() }));
  }

  return router;
}
