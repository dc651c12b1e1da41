import { type Request, type RequestHandler, type Response, Router } from 'express';
import { reasonWriteSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import type { AlertBook } from '../../ledger/alert-book.ts';
import type { AlertTester, AlertTestResult } from '../../ops/alert-tests.ts';
import { buildAlertsPage } from '../../ops/alerts-page.ts';
import type { ForecastLooks } from '../../ops/forecast-looks.ts';
import type { FormFaults } from '../../ops/forms.ts';
import { NOTICES } from '../../ops/notices.ts';
import { readAlertPage } from '../../reports/alert-page.ts';
import type { NoteDesk } from '../../steering/note-desk.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import { isProblem } from '../problem.ts';
import { setOutcome } from '../request-scope.ts';
import type { OpsContext } from './ops-context.ts';
import { fieldsOf, isRefusal, onceText, parseForm, termsOf } from './ops-form-fields.ts';

export interface OpsAlertsDeps {
  ledger: AlertBook;
  clock: Clock;
  notes: NoteDesk;
  alertTester: AlertTester;
  forecastLooks: () => ForecastLooks;
}

const ROWS = 40;

/** Alerts that fired, and a message that shows whether they arrive. To be mounted at `/ops`. */
export function createOpsAlerts(deps: OpsAlertsDeps, context: OpsContext, form: RequestHandler): Router {
  const { ledger, clock, notes, alertTester } = deps;
  const { enter, visitOf, sendNotice, page, ownPagesOnly } = context;
  const router = Router({ caseSensitive: true });
  // A button that is pressed again and again must not flood a channel.
  const alone = createOneAtATime('Another test is under way.');

  router.get(
    '/alerts',
    enter('viewer'),
    page((request, response) => sendPage(request, response, { faults: null, results: null })),
  );
  router.post('/alerts/test', ownPagesOnly, enter('admin'), form, page(sendTest));

  async function sendTest(request: Request, response: Response): Promise<void> {
    const typed = fieldsOf(request, ['reason', 'once']);
    const turnDown = (status: 409 | 422, faults: string[]) => {
      response.status(status);
      return sendPage(request, response, { faults: { form: 'test', typed, faults }, results: null });
    };
    const input = parseForm(reasonWriteSchema, { reason: typed.reason });
    if ('faults' in input) return turnDown(422, input.faults);
    const { service, operator } = visitOf(response).frame.visitor;
    const terms = termsOf({
      request,
      response,
      operator,
      nowMs: clock.now(),
      fields: typed,
      ifMatch: null,
    });
    const results = await alone(async () => {
      const target = alertTester.targets.join(', ') || 'no target';
      const written = await notes.note(service, { action: 'alerts.test', target, after: null }, terms);
      return isRefusal(written) ? written : alertTester.send();
    });
    if (Array.isArray(results)) return sendPage(request, response, { faults: null, results });
    if (isProblem(results)) setOutcome(response, results);
    return turnDown(409, [String(results.detail)]);
  }

  async function sendPage(
    request: Request,
    response: Response,
    test: { faults: FormFaults | null; results: AlertTestResult[] | null },
  ): Promise<void> {
    const { frame, search } = visitOf(response);
    const question = { cursor: search.get('cursor'), limit: ROWS };
    const alerts = await readAlertPage(ledger, frame.visitor.service, question);
    if (alerts === null) {
      return sendNotice(request, response, 400, { ...NOTICES.noQuestion, to: '/ops/alerts' });
    }
    response.send(
      buildAlertsPage({
        ...{ frame, page: alerts, ...question, ...test },
        looks: deps.forecastLooks(),
        targets: alertTester.targets,
        once: onceText(),
      }),
    );
  }

  return router;
}
