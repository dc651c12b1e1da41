import { type Request, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { TakeGuardWebhook } from '../../signals/guard/take-guard-webhook.ts';
import type { GuardOutcome } from '../../signals/ports.ts';
import { readSignedRequest, readTwilioForm } from '../twilio-request.ts';

export interface GuardRoutesDeps {
  /** Null when nothing is configured to check signatures with: everything is let through. */
  guard: { takeGuardWebhook: TakeGuardWebhook; publicUrl: string } | null;
  clock: Clock;
  /** Counts what never reached the guard. Must not throw. */
  count: (outcome: Extract<GuardOutcome, 'late' | 'unreadable' | 'not-set-up' | 'failed'>) => void;
  /** When the action is let through whatever the ledger does, ms; below the second that is promised. */
  deadlineMs?: number;
}

const DEADLINE_MS = 900;

/**
 * `POST /v1/webhooks/twilio/guard`: pre-action webhooks of Conversations. To be mounted there.
 *
 * Twilio takes any answer of 4xx or 5xx for a no, and no answer holds its user up for five seconds. So everything that
 * goes wrong here, also a body that never ends or another method, is answered 200 `{}`, and a no that comes too late is none.
 */
export function createGuardRoutes(deps: GuardRoutesDeps): Router {
  const { guard, clock, count, deadlineMs = DEADLINE_MS } = deps;
  const router = Router({ caseSensitive: true });

  async function decide(request: Request): Promise<Refusal | null> {
    if (guard === null) {
      count('not-set-up');
      return null;
    }
    const form = await readTwilioForm(request);
    if ('outcome' in form) {
      count('unreadable');
      return null;
    }
    const { params } = form;
    return guard.takeGuardWebhook({ ...readSignedRequest(request, guard.publicUrl, clock.now()), params });
  }

  router.post('/', async (request, response, next) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), deadlineMs);
    });
    const decided = decide(request).catch(() => 'failed' as const);
    const answer = await Promise.race([decided, late]);
    clearTimeout(timer);
    if (answer === 'late' || answer === 'failed') count(answer);
    else if (answer !== null) return next(answer);
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
