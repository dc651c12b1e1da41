import { type Request, type RequestHandler, type Response, Router } from 'express';
import { raiseWriteSchema, reasonWriteSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import { monthEndSeconds, monthOf, parseMonth } from '../../domain/month.ts';
import type { FormFaults } from '../../ops/forms.ts';
import { opsAddress } from '../../ops/frame.ts';
import type { FreezeDesk } from '../../steering/freeze-desk.ts';
import type { WriteTerms, Written } from '../../steering/operator-write.ts';
import type { RaiseDesk } from '../../steering/raise-desk.ts';
import type { SteeringRefusal } from '../../steering/refusals.ts';
import type { BudgetTrouble, DONE } from './ops-budget.ts';
import type { OpsContext } from './ops-context.ts';
import {
  type FormFields,
  fieldsOf,
  isRefusal,
  markRefused,
  parseForm,
  sentencesOf,
  termsOf,
  wholeOf,
} from './ops-form-fields.ts';

/** How a form ends: done, shown once more with what was wrong, shown with an answer, or nobody waits any more. */
export type FormEnd<Trouble> =
  | { done: keyof typeof DONE }
  | { trouble: Trouble; refusal?: SteeringRefusal }
  | { shown: Trouble }
  | { gone: true };

export interface SteeringFormsDeps {
  clock: Clock;
  raises: RaiseDesk;
  freezes: FreezeDesk;
  setBudget: (request: Request, response: Response) => Promise<FormEnd<BudgetTrouble>>;
  /** Shows the budget page once more. */
  sendBudget: (response: Response, trouble: BudgetTrouble) => Promise<void>;
}

export interface FormParsers {
  form: RequestHandler;
  /** Takes a longer body. */
  budgetForm: RequestHandler;
}

/** The forms on the budget page, each with a reason and an entry in the audit log. To be mounted at `/ops`. */
export function createSteeringForms(
  { clock, raises, freezes, setBudget, sendBudget }: SteeringFormsDeps,
  { ownPagesOnly, enter, visitOf, page }: OpsContext,
  { form, budgetForm }: FormParsers,
): Router {
  const router = Router({ caseSensitive: true });

  const post = (
    path: string,
    take: (request: Request, response: Response) => Promise<FormEnd<BudgetTrouble>>,
    parser = form,
  ) => {
    const answer = async (request: Request, response: Response) => {
      const end = await take(request, response);
      if ('gone' in end) return;
      if ('shown' in end) return sendBudget(response, end.shown);
      if ('trouble' in end) {
        markRefused(response, end.refusal);
        return sendBudget(response, end.trouble);
      }
      const { service } = visitOf(response).frame.visitor;
      response.redirect(303, opsAddress('/budget', { service, done: end.done }));
    };
    router.post(path, ownPagesOnly, enter('admin'), parser, page(answer));
  };

  post('/budget', setBudget, budgetForm);

  post('/budget/raises', async (request, response) => {
    const fields = fieldsOf(request, ['identities', 'until', 'reason', 'once', 'month']);
    // That of the page: sent after its turn, the form must not raise the whole of the month that began.
    const month = parseMonth(fields.month) ?? monthOf(clock.now());
    const expiresAt =
      fields.until === ''
        ? new Date(monthEndSeconds(month) * 1000).toISOString()
        : `${fields.until}${/:\d\d:\d\d$/.test(fields.until) ? '' : ':00'}Z`;
    const faults = { form: 'raise', typed: fields };
    const given = { identities: wholeOf(fields.identities), expiresAt, reason: fields.reason };
    const input = parseForm(raiseWriteSchema, given);
    if ('faults' in input) return { trouble: { ...faults, ...input } };
    const { identities, budget: scope } = input.value;
    const raise = { identities, expiresAtMs: Date.parse(expiresAt), scope };
    const { service } = visitOf(response).frame.visitor;
    return end(await raises.add(service, raise, terms(request, response, fields)), 'raise', faults);
  });

  post('/budget/raises/end', async (request, response) => {
    const fields = fieldsOf(request, ['raise', 'reason', 'once']);
    const faults = { form: 'end-raise', typed: fields };
    const input = parseForm(reasonWriteSchema, { reason: fields.reason });
    if ('faults' in input) return { trouble: { ...faults, ...input } };
    const { service } = visitOf(response).frame.visitor;
    const written = await raises.end(service, fields.raise, terms(request, response, fields));
    return end(written, 'raise-ended', faults);
  });

  post('/freeze', async (request, response) => {
    const fields = fieldsOf(request, ['frozen', 'reason', 'once']);
    const faults = { form: 'freeze', typed: fields };
    const input = parseForm(reasonWriteSchema, { reason: fields.reason });
    if ('faults' in input) return { trouble: { ...faults, ...input } };
    const { service } = visitOf(response).frame.visitor;
    const freeze = fields.frozen === 'yes';
    const written = await freezes[freeze ? 'freeze' : 'lift'](service, terms(request, response, fields));
    return end(written, freeze ? 'frozen' : 'lifted', faults);
  });

  function terms(request: Request, response: Response, fields: FormFields<'reason' | 'once'>): WriteTerms {
    const { operator } = visitOf(response).frame.visitor;
    return termsOf({ request, response, operator, nowMs: clock.now(), fields, ifMatch: null });
  }

  return router;
}

function end(
  written: Written | SteeringRefusal,
  done: keyof typeof DONE,
  faults: Omit<FormFaults, 'faults'>,
): FormEnd<BudgetTrouble> {
  if (!isRefusal(written)) return { done };
  return { trouble: { ...faults, faults: sentencesOf(written) }, refusal: written };
}
