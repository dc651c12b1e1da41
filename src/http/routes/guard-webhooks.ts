import { type Request, Router } from 'express';
import { createAttempts } from '../../async/create-attempts.ts';
import type { Clock } from '../../domain/clock.ts';
import type { GuardDecision, TakeGuardWebhook } from '../../signals/guard/take-guard-webhook.ts';
import type { GuardOutcome } from '../../signals/ports.ts';
import { readSignedRequest, readTwilioForm } from '../twilio-request.ts';

export interface GuardRoutesDeps {
  /** Null when nothing is configured to check signatures with: everything is let through. */
  guard: { takeGuardWebhook: TakeGuardWebhook; publicUrl: string } | null;
  clock: Clock;
  /** Takes every webhook once, by what Twilio was answered. Must not throw. */
  count: (outcome: GuardOutcome) => void;
  /** Takes a defect, also of a decision that came too late; not again while the ledger decides nothing. Must not throw. */
  onFailure: (failure: unknown) => void;
  /** When the action is let through whatever the ledger does, ms; below the second that is promised. */
  deadlineMs?: number;
}

const DEADLINE_MS = 900;
/** By the ledger, so that it works. */
const DECIDED: ReadonlySet<GuardOutcome> = new Set(['counted', 'known', 'refused']);

/**
 * `POST /v1/webhooks/twilio/guard`: pre-action webhooks of Conversations. To be mounted there.
 *
 * Twilio takes any answer of 4xx or 5xx for a no, and no answer holds its user up for five seconds. So everything that
 * goes wrong here, also a body that never ends or another method, is answered 200 `{}`, and a no that comes too late is none.
 */
export function createGuardRoutes(deps: GuardRoutesDeps): Router {
  const { guard, clock, count, onFailure, deadlineMs = DEADLINE_MS } = deps;
  const attempt = createAttempts();
  const router = Router({ caseSensitive: true });

  async function decide(request: Request): Promise<GuardDecision> {
    if (guard === null) return letThrough('not-set-up');
    const form = await readTwilioForm(request);
    if ('outcome' in form) return letThrough('unreadable');
    const { params } = form;
    return guard.takeGuardWebhook({ ...readSignedRequest(request, guard.publicUrl, clock.now()), params });
  }

  async function tellDefect(decided: Promise<GuardDecision>): Promise<void> {
    const { outcome, failure } = await decided;
    if (failure === null && !DECIDED.has(outcome)) return;
    const again = async () => {
      if (failure !== null) throw failure;
    };
    await attempt('decide', again, onFailure);
  }

  router.post('/', async (request, response, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<GuardDecision>((resolve) => {
      timer = setTimeout(() => resolve(letThrough('late')), deadlineMs);
    });
    const decided = decide(request).catch((failure: unknown) => letThrough('failed', failure));
    void tellDefect(decided);
    const { outcome, refusal } = await Promise.race([decided, late]);
    clearTimeout(timer);
    count(outcome);
    if (refusal !== null) return next(refusal);
    response.json({});
  });

  // A webhook can be set to GET at Twilio. Nothing of it is read, but 405 would stop every action.
  router.use((request, response, next) => {
    if (request.path !== '/') return next();
    count('unreadable');
    response.json({});
  });

  return router;
}

function letThrough(outcome: GuardOutcome, failure: unknown = null): GuardDecision {
  return { outcome, refusal: null, failure };
}
