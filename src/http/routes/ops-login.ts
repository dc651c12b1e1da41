import { parseCookie } from 'cookie';
import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import { reasonWriteSchema } from '../../contract/steering.ts';
import type { Clock } from '../../domain/clock.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { parseTheme } from '../../ops/frame.ts';
import { NOTICES } from '../../ops/notices.ts';
import type { OneTimeLogins } from '../../ops/one-time-logins.ts';
import type { Operator } from '../../ops/operator.ts';
import type { OidcAnswer, OperatorOidc } from '../../ops/operator-oidc.ts';
import {
  type OperatorSessions,
  SESSION_LIFE_SECONDS,
  type SessionOrigin,
} from '../../ops/operator-sessions.ts';
import type { NoteDesk } from '../../steering/note-desk.ts';
import type { WriteTerms } from '../../steering/operator-write.ts';
import type { OperatorGate } from '../operators.ts';
import { ownUrlOf } from '../own-url.ts';
import { isAhead } from '../request-hints.ts';
import { searchOf } from '../search-of.ts';
import { type OpsContext, THEME_COOKIE } from './ops-context.ts';
import { fieldsOf, parseForm, termsOf } from './ops-form-fields.ts';
import { addWayBack, DASHBOARD, parseWayBack, splitWayBack } from './ops-way-back.ts';

export interface OpsLoginDeps {
  clock: Clock;
  gate: OperatorGate;
  sessions: OperatorSessions;
  logins: OneTimeLogins;
  /** Says whose ops key an Authorization header holds; null for none and for an unknown one. */
  authenticate: (authorization: string | undefined) => Operator | null;
  /** Sign-in at an identity provider, or null. */
  oidc: OperatorOidc | null;
  /** The URL that the outside uses, or null. */
  publicUrl: string | null;
  demo: boolean;
  notes: NoteDesk;
  /** In the audit log of each stands when everybody was signed out. */
  services: readonly ServiceName[];
}

/** Where an identity provider leads back to, after the URL that the outside uses. */
export const OPS_CALLBACK_PATH = '/ops/login/callback';
/** How long a person may take at the identity provider, ms. */
const ATTEMPT_MS = 600_000;
const THEME_MS = 400 * 86_400_000;

export interface OpsLogin {
  router: Router;
  /**
   * A one-time link: trades its code for a session, and leaves the address so that nobody can read it there. `forbidden`
   * for a browser that only looks ahead: the code is for whoever follows the link.
   */
  openByCode: RequestHandler;
}

/** Signing in and out, and the choice of colours. To be mounted at `/ops`. */
export function createOpsLogin(deps: OpsLoginDeps, context: OpsContext, form: RequestHandler): OpsLogin {
  const { clock, gate, sessions, logins, authenticate, oidc, notes, services } = deps;
  const { cookie, ownPagesOnly, turnAway, refuseLogin, sendNotice, sendFailure } = context;
  // The answer of the provider is a navigation from its site, which takes no strict cookie along.
  const attemptCookie = { ...cookie, sameSite: 'lax' as const };
  const attemptName = gate.cookieName.replace('mg_ops', 'mg_ops_login');
  const router = Router({ caseSensitive: true });

  router.post('/login', ownPagesOnly, form, async (request, response, next) => {
    const key: unknown = request.body?.key;
    const wayBack = parseWayBack(request.body?.back);
    const operator = typeof key === 'string' ? authenticate(`Bearer ${key.trim()}`) : null;
    if (operator === null) return turnAway(request, response, next, wayBack);
    const limited = await gate.takeKeySignIn(operator);
    if (limited !== null) return next(limited);
    signIn(response, operator, 'key');
    response.redirect(303, wayBack);
  });

  router.post('/logout', ownPagesOnly, async (request, response) => {
    const session = gate.sessionOf(request);
    response.clearCookie(gate.cookieName, cookie);
    if (session !== null && (await endedHereOnly(sessions.end(session, clock.now())))) {
      return sendNotice(request, response, 200, NOTICES.endedHereOnly);
    }
    response.redirect(303, DASHBOARD);
  });

  /** Every session of the operator who asks, or, for an admin, of everybody. */
  router.post('/sessions/end', ownPagesOnly, form, gate.require('viewer'), endSessions);

  router.get('/login/oidc', async (request, response, next) => {
    if (oidc === null) return next(refused('not-found', { detail: 'No identity provider is configured.' }));
    const limited = await gate.takeSignIn(request);
    if (limited !== null) return next(limited);
    try {
      const { url, attempt } = await oidc.begin(callbackOf(request));
      const kept = addWayBack(attempt, parseWayBack(searchOf(request).get('back')));
      response.cookie(attemptName, kept, { ...attemptCookie, maxAge: ATTEMPT_MS });
      response.redirect(303, url);
    } catch (error) {
      sendFailure(request, response, error, NOTICES.noProvider);
    }
  });

  router.get('/login/callback', async (request, response, next) => {
    if (oidc === null) return next(refused('not-found', { detail: 'No identity provider is configured.' }));
    const limited = await gate.takeSignIn(request);
    if (limited !== null) return next(limited);
    const kept = parseCookie(request.headers.cookie ?? '')[attemptName] ?? '';
    const { attempt, wayBack } = splitWayBack(kept);
    response.clearCookie(attemptName, attemptCookie);
    const callback = new URL(callbackOf(request));
    callback.search = new URL(request.url, callback).search;
    try {
      answerProvider(request, response, await oidc.finish(callback, attempt), wayBack);
    } catch (error) {
      sendFailure(request, response, error, NOTICES.noProvider);
    }
  });

  router.post('/theme', ownPagesOnly, form, (request, response) => {
    const { theme, back } = (request.body ?? {}) as { theme?: unknown; back?: unknown };
    const options = { ...cookie, sameSite: 'lax' as const, maxAge: THEME_MS };
    response.cookie(THEME_COOKIE, parseTheme(theme), options);
    response.redirect(303, parseWayBack(back));
  });

  function answerProvider(request: Request, response: Response, answer: OidcAnswer, wayBack: string): void {
    if (answer.outcome === 'signed-in') {
      signIn(response, answer.operator, 'oidc');
      // A strict cookie is kept back from everything that another site's redirect leads to; our own page ends that.
      sendNotice(request, response, 200, { ...NOTICES.signedIn, to: wayBack });
      return;
    }
    const detail =
      answer.outcome === 'no-role'
        ? 'You are known there, but have no role here.'
        : 'The sign-in did not hold. Start it again.';
    const refusal = refused('unauthenticated', { detail, reason: 'claims' });
    refuseLogin(request, response, { refusal, fault: detail, wayBack });
  }

  async function endSessions(request: Request, response: Response, next: NextFunction): Promise<void> {
    const operator = response.locals['operator'] as Operator;
    const everybody = request.body?.whose === 'everybody';
    if (everybody && operator.role !== 'admin') {
      return next(refused('forbidden', { detail: 'Ending the sessions of others needs the role admin.' }));
    }
    if (everybody) {
      const fields = fieldsOf(request, ['reason', 'once']);
      const input = parseForm(reasonWriteSchema, { reason: fields.reason });
      if ('faults' in input) {
        const errors = input.faults.map((detail) => ({ pointer: '/reason', detail }));
        return next(refused('invalid-request', { detail: 'The form has faults.', errors }));
      }
      const terms = { request, response, operator, nowMs: clock.now(), fields, ifMatch: null };
      await noteEnd(termsOf(terms));
    }
    response.clearCookie(gate.cookieName, cookie);
    const name = everybody ? null : operator.name;
    if (await endedHereOnly(sessions.endAll(name, clock.now()))) {
      return sendNotice(request, response, 200, NOTICES.endedHereOnly);
    }
    response.redirect(303, DASHBOARD);
  }

  /** Sessions end also while the audit log cannot be written: that somebody must go is more urgent. */
  async function noteEnd(terms: WriteTerms): Promise<void> {
    const note = { action: 'sessions.end', target: 'every dashboard session', after: null } as const;
    await Promise.all(services.map((service) => notes.note(service, note, terms))).catch((error: unknown) => {
      if (!(error instanceof GatewayError)) throw error;
    });
  }

  function signIn(response: Response, operator: Operator, origin: SessionOrigin): void {
    const session = sessions.seal(operator, origin, clock.now());
    response.cookie(gate.cookieName, session, { ...cookie, maxAge: SESSION_LIFE_SECONDS * 1000 });
  }

  function callbackOf(request: Request): string {
    return `${ownUrlOf(request, deps.publicUrl)}${OPS_CALLBACK_PATH}`;
  }

  return {
    router,
    openByCode(request, response, next) {
      const code = request.method === 'GET' ? searchOf(request).get('login') : null;
      if (code === null) return next();
      if (isAhead(request.headers)) {
        return next(
          refused('forbidden', { detail: 'A link that works once is not opened ahead of its time.' }),
        );
      }
      const operator = logins.redeem(code);
      if (operator === null) {
        const detail = `This link was used already or has expired. ${deps.demo ? 'A new start of the demo prints another.' : 'Ask for a new one.'}`;
        const refusal = refused('unauthenticated', { detail, reason: 'expired' });
        return refuseLogin(request, response, { refusal, fault: detail, wayBack: DASHBOARD });
      }
      signIn(response, operator, 'link');
      // After a click on another site's page, the browser keeps a strict cookie back from everything that the click
      // leads to, redirects included; a link on our own page ends that.
      if (request.get('sec-fetch-site') === 'cross-site')
        sendNotice(request, response, 200, NOTICES.signedIn);
      else response.redirect(303, DASHBOARD);
    },
  };
}

/** Whether the others could not be told. */
async function endedHereOnly(ending: Promise<void>): Promise<boolean> {
  return ending.then(
    () => false,
    () => true,
  );
}
