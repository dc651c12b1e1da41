import { type Request, type RequestHandler, type Response, Router } from 'express';
import { erasureWriteSchema } from '../../contract/erasure.ts';
import { reasonWriteSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import { parseIdentity } from '../../domain/identity.ts';
import type { FormFaults } from '../../ops/forms.ts';
import { opsAddress } from '../../ops/frame.ts';
import { NOTICES } from '../../ops/notices.ts';
import type { BlockDesk } from '../../steering/block-desk.ts';
import type { ErasureDesk } from '../../steering/erasure-desk.ts';
import type { OpsContext } from './ops-context.ts';
import { fieldsOf, isRefusal, markRefused, parseForm, sentencesOf, termsOf } from './ops-form-fields.ts';

export interface IdentityFormsDeps {
  clock: Clock;
  blocks: BlockDesk;
  erasures: ErasureDesk;
  /** Shows the page of the identity once more. */
  sendIdentity: (request: Request, response: Response, faults: FormFaults) => Promise<void>;
}

/** The forms on the page of an identity. To be mounted at `/ops`. */
export function createIdentityForms(
  { clock, blocks, erasures, sendIdentity }: IdentityFormsDeps,
  { ownPagesOnly, enter, visitOf, page, sendNotice }: OpsContext,
  form: RequestHandler,
): Router {
  const router = Router({ caseSensitive: true });

  const post = (name: string, take: (request: Request, response: Response) => Promise<void>) => {
    router.post(`/identities/:identity/${name}`, ownPagesOnly, enter('admin'), form, page(take));
  };

  post('block', async (request, response) => {
    const fields = fieldsOf(request, ['blocked', 'reason', 'once']);
    const { service, operator } = visitOf(response).frame.visitor;
    const identity = parseIdentity(String(request.params['identity']));
    const turnedDown = { form: 'block', typed: fields };
    const input = parseForm(reasonWriteSchema, { reason: fields.reason });
    if (identity === null || 'faults' in input) {
      markRefused(response);
      const faults = 'faults' in input ? input.faults : [];
      return sendIdentity(request, response, { ...turnedDown, faults });
    }
    const terms = termsOf({ request, response, operator, nowMs: clock.now(), fields, ifMatch: null });
    const written = await blocks.set(service, identity, fields.blocked === 'yes', terms);
    if (!isRefusal(written)) {
      return response.redirect(303, opsAddress(`/identities/${encodeURIComponent(identity)}`, { service }));
    }
    markRefused(response, written);
    await sendIdentity(request, response, { ...turnedDown, faults: sentencesOf(written) });
  });

  post('erase', async (request, response) => {
    const fields = fieldsOf(request, ['issuer', 'subject', 'reason', 'once']);
    const { issuer, subject, reason } = fields;
    const { service, operator } = visitOf(response).frame.visitor;
    const expecting = parseIdentity(String(request.params['identity']));
    const turnedDown = { form: 'erase', typed: fields };
    const input = parseForm(erasureWriteSchema, { issuer, subject, reason });
    if (expecting === null || 'faults' in input) {
      markRefused(response);
      const faults = 'faults' in input ? input.faults : [];
      return sendIdentity(request, response, { ...turnedDown, faults });
    }
    const terms = termsOf({ request, response, operator, nowMs: clock.now(), fields, ifMatch: null });
    const written = await erasures.erase(service, { issuer, subject, expecting }, terms);
    // The page that the form stood on speaks of nobody any more.
    if (!isRefusal(written)) return sendNotice(request, response, 200, NOTICES.erased);
    markRefused(response, written);
    await sendIdentity(request, response, { ...turnedDown, faults: sentencesOf(written) });
  });

  return router;
}
