import { type Request, type RequestHandler, type Response, Router } from 'express';
import { erasureWriteSchema, raiseWriteSchema, reasonWriteSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import { parseIdentity } from '../../domain/identity.ts';
import { monthEndSeconds, monthOf } from '../../domain/month.ts';
import type { FormFaults } from '../../ops/forms.ts';
import { opsAddress } from '../../ops/frame.ts';
import { NOTICES } from '../../ops/notices.ts';
import type { BlockDesk } from '../../steering/block-desk.ts';
import type { BudgetDesk } from '../../steering/budget-desk.ts';
import type { ErasureDesk } from '../../steering/erasure-desk.ts';
import type { FreezeDesk } from '../../steering/freeze-desk.ts';
import type { NoteDesk } from '../../steering/note-desk.ts';
import type { WriteTerms, Written } from '../../steering/operator-write.ts';
import type { RaiseDesk } from '../../steering/raise-desk.ts';
import type { SteeringRefusal } from '../../steering/refusals.ts';
import { setOutcome } from '../request-scope.ts';
import type { BudgetTrouble, DONE } from './ops-budget.ts';
import type { OpsContext } from './ops-context.ts';
import {
  type FormFields,
  fieldsOf,
  isRefusal,
  parseForm,
  sentencesOf,
  termsOf,
  wholeOf,
} from './ops-form-fields.ts';

/** The same desks that the operator API writes at. */
export interface Desks {
  budgets: BudgetDesk;
  raises: RaiseDesk;
  freezes: FreezeDesk;
  blocks: BlockDesk;
  erasures: ErasureDesk;
  notes: NoteDesk;
}

/** How a form ends: done, shown once more with what was wrong, shown with an answer, or nobody waits any more. */
export type FormEnd<Trouble> =
  | { done: keyof typeof DONE }
  | { trouble: Trouble; refusal?: SteeringRefusal }
  | { shown: Trouble }
  | { gone: true };

export interface OpsFormsDeps {
  clock: Clock;
  desks: Desks;
  setBudget: (request: Request, response: Response) => Promise<FormEnd<BudgetTrouble>>;
  /** Shows the budget page once more. */
  sendBudget: (response: Response, trouble: BudgetTrouble) => Promise<void>;
  /** The same for the page of an identity. */
  sendIdentity: (request: Request, response: Response, faults: FormFaults) => Promise<void>;
}

export interface FormParsers {
  form: RequestHandler;
  /** Takes a longer body. */
  budgetForm: RequestHandler;
}

/** The writes of the dashboard's forms, each with a reason and an entry in the audit log. To be mounted at `/ops`. */
export function createOpsForms(
  deps: OpsFormsDeps,
  context: OpsContext,
  { form, budgetForm }: FormParsers,
): Router {
  const { clock, desks, setBudget, sendBudget, sendIdentity } = deps;
  const { ownPagesOnly, enter, visitOf, sendFailure, sendNotice } = context;
  const router = Router({ caseSensitive: true });

  const post = (
    path: string,
    take: (request: Request, response: Response) => Promise<void>,
    parser = form,
  ) => {
    router.post(path, ownPagesOnly, enter('admin'), parser, (request, response) =>
      take(request, response).catch((error: unknown) => sendFailure(request, response, error)),
    );
  };

  /** A form of the budget page. */
  const onBudgetPage = (
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
    post(path, answer, parser);
  };

  onBudgetPage('/budget', setBudget, budgetForm);

  onBudgetPage('/budget/raises', async (request, response) => {
    const fields = fieldsOf(request, ['identities', 'until', 'reason', 'once']);
    const expiresAt =
      fields.until === ''
        ? new Date(monthEndSeconds(monthOf(clock.now())) * 1000).toISOString()
        : `${fields.until}${/:\d\d:\d\d$/.test(fields.until) ? '' : ':00'}Z`;
    const faults = { form: 'raise', typed: fields };
    const given = { identities: wholeOf(fields.identities), expiresAt, reason: fields.reason };
    const input = parseForm(raiseWriteSchema, given);
    if ('faults' in input) return { trouble: { ...faults, ...input } };
    const { identities, budget: scope } = input.value;
    const raise = { identities, expiresAtMs: Date.parse(expiresAt), scope };
    const { service } = visitOf(response).frame.visitor;
    return end(await desks.raises.add(service, raise, terms(request, response, fields)), 'raise', faults);
  });

  onBudgetPage('/budget/raises/end', async (request, response) => {
    const fields = fieldsOf(request, ['raise', 'reason', 'once']);
    const faults = { form: 'end-raise', typed: fields };
    const input = parseForm(reasonWriteSchema, { reason: fields.reason });
    if ('faults' in input) return { trouble: { ...faults, ...input } };
    const { service } = visitOf(response).frame.visitor;
    const written = await desks.raises.end(service, fields.raise, terms(request, response, fields));
    return end(written, 'raise-ended', faults);
  });

  onBudgetPage('/freeze', async (request, response) => {
    const fields = fieldsOf(request, ['frozen', 'reason', 'once']);
    const faults = { form: 'freeze', typed: fields };
    const input = parseForm(reasonWriteSchema, { reason: fields.reason });
    if ('faults' in input) return { trouble: { ...faults, ...input } };
    const { service } = visitOf(response).frame.visitor;
    const freeze = fields.frozen === 'yes';
    const written = await desks.freezes[freeze ? 'freeze' : 'lift'](
      service,
      terms(request, response, fields),
    );
    return end(written, freeze ? 'frozen' : 'lifted', faults);
  });

  post('/identities/:identity/block', async (request, response) => {
    const fields = fieldsOf(request, ['blocked', 'reason', 'once']);
    const { service } = visitOf(response).frame.visitor;
    const identity = parseIdentity(String(request.params['identity']));
    const faults = { form: 'block', typed: fields };
    const input = parseForm(reasonWriteSchema, { reason: fields.reason });
    if (identity === null || 'faults' in input) {
      markRefused(response);
      const found = 'faults' in input ? input.faults : [];
      return sendIdentity(request, response, { ...faults, faults: found });
    }
    const isBlocked = fields.blocked === 'yes';
    const written = await desks.blocks.set(service, identity, isBlocked, terms(request, response, fields));
    if (!isRefusal(written)) {
      return response.redirect(303, opsAddress(`/identities/${encodeURIComponent(identity)}`, { service }));
    }
    markRefused(response, written);
    await sendIdentity(request, response, { ...faults, faults: sentencesOf(written) });
  });

  post('/identities/:identity/erase', async (request, response) => {
    const fields = fieldsOf(request, ['issuer', 'subject', 'reason', 'once']);
    const { issuer, subject, reason } = fields;
    const { service } = visitOf(response).frame.visitor;
    const expecting = parseIdentity(String(request.params['identity']));
    const faults = { form: 'erase', typed: fields };
    const input = parseForm(erasureWriteSchema, { issuer, subject, reason });
    if (expecting === null || 'faults' in input) {
      markRefused(response);
      const found = 'faults' in input ? input.faults : [];
      return sendIdentity(request, response, { ...faults, faults: found });
    }
    const person = { issuer, subject, expecting };
    const written = await desks.erasures.erase(service, person, terms(request, response, fields));
    // The page that the form stood on speaks of nobody any more.
    if (!isRefusal(written)) return sendNotice(request, response, 200, NOTICES.erased);
    markRefused(response, written);
    await sendIdentity(request, response, { ...faults, faults: sentencesOf(written) });
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

/** 422 for what was typed, 409 for what others did. */
function markRefused(response: Response, refusal?: SteeringRefusal): void {
  response.status(refusal !== undefined && refusal.code !== 'invalid-request' ? 409 : 422);
  if (refusal !== undefined) setOutcome(response, refusal);
}
