import { parseCookie } from 'cookie';
import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../domain/clock.ts';
import type { Limiter } from '../domain/limiter.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import { mayActAs, type Operator, type OperatorRole } from '../ops/operator.ts';
import type { OperatorSessions } from '../ops/operator-sessions.ts';
import { isFromOwnPages } from '../ops/same-origin.ts';
import { checkCredentialCount } from './credentials.ts';
import { addressBlockOf, limitFailures } from './limits.ts';
import { setOperatorName } from './request-scope.ts';

export interface OperatorGateDeps {
  /** Says whose ops key an Authorization header holds; null for none and for an unknown one. */
  authenticate: (authorization: string | undefined) => Operator | null;
  sessions: OperatorSessions;
  clock: Clock;
  /** Counts ops keys that failed, by address block. */
  failedAuthentications: Limiter;
  /** Counts the requests of each operator, by name. */
  operatorRequests: Limiter;
  /** The URL that the outside uses, or null. */
  publicUrl: string | null;
}

/** Who operates the gateway, by ops key or by dashboard session. */
export interface OperatorGate {
  /** An Authorization header decides when there is one, also when it fails; else the dashboard's session. */
  identify(request: Request): Promise<Operator | null>;
  /** Text of the session's cookie, when the request may speak with it; else null. */
  sessionOf(request: Request): string | null;
  /**
   * Lets an operator of at least this role pass; others get 401 `unauthenticated` or 403 `forbidden`, and one who asks
   * too often 429 `rate-limited`.
   */
  require(role: OperatorRole): RequestHandler;
  /**
   * Why somebody who was not identified is turned away: `unauthenticated`, `rate-limited` after many failures, or
   * `forbidden` for a write with a good session that does not come from our own pages.
   */
  refuse(request: Request): Promise<Refusal>;
  /**
   * Takes a place for one step of a sign-in at the identity provider, by address block; `rate-limited` when there is
   * none left. Every step may cost a call to the provider, so also those that lead to nothing are counted.
   */
  takeSignIn(request: Request): Promise<Refusal | null>;
  /**
   * Takes a place for a sign-in with a key that is right, by operator; `rate-limited` when there is none left. What a
   * session leaves behind when it ends is kept for as long as it could have lived.
   */
  takeKeySignIn(operator: Operator): Promise<Refusal | null>;
  /** Takes a place for a request of this operator; `rate-limited` when there is none left. */
  takeRequest(operator: Operator): Promise<Refusal | null>;
  /** Name of the session's cookie: bound to this host wherever https makes that possible. */
  cookieName: '__Host-mg_ops' | 'mg_ops';
}

const FROM_ELSEWHERE = refused('forbidden', {
  detail:
    'A dashboard session writes only with an Origin header of the gateway itself, as its own pages send it. ' +
    'Programs send an ops key in the Authorization header.',
});

export function createOperatorGate(deps: OperatorGateDeps): OperatorGate {
  const { authenticate, sessions, clock, failedAuthentications, operatorRequests, publicUrl } = deps;
  const cookieName = publicUrl?.startsWith('https://') ? '__Host-mg_ops' : 'mg_ops';

  function cookieOf(request: Request): string | null {
    const { cookie } = request.headers;
    return (cookie === undefined ? undefined : parseCookie(cookie)[cookieName]) ?? null;
  }

  function sessionOf(request: Request): string | null {
    const session = cookieOf(request);
    return session === null || !isOwnRequest(request, publicUrl) ? null : session;
  }

  async function isWriteFromElsewhere(request: Request): Promise<boolean> {
    if (request.headers.authorization !== undefined || /^(GET|HEAD)$/.test(request.method)) return false;
    const session = cookieOf(request);
    if (session === null || isOwnRequest(request, publicUrl)) return false;
    return (await sessions.open(session, clock.now())) !== null;
  }

  async function identify(request: Request): Promise<Operator | null> {
    const { authorization } = request.headers;
    if (authorization !== undefined) return authenticate(authorization);
    const session = sessionOf(request);
    return session === null ? null : sessions.open(session, clock.now());
  }

  async function refuse(request: Request): Promise<Refusal> {
    if (await isWriteFromElsewhere(request)) return FROM_ELSEWHERE;
    const detail =
      request.headers.authorization === undefined
        ? 'This needs an ops key or a dashboard session.'
        : 'The Authorization header holds no ops key that this gateway knows.';
    if (!offersKey(request)) return refused('unauthenticated', { detail, reason: 'missing' });
    const unknown = refused('unauthenticated', { detail, reason: 'unknown-key' });
    return limitFailures(unknown, request.ip, failedAuthentications);
  }

  /** As many as may fail by key, on counts of their own. */
  async function takeOneSignIn(key: string, detail: string): Promise<Refusal | null> {
    const { allowed, ...verdict } = await failedAuthentications.take(key);
    return allowed ? null : refused('rate-limited', { detail, policy: 'operator-sign-ins', ...verdict });
  }

  const takeSignIn = (request: Request) =>
    takeOneSignIn(`sign-in:${addressBlockOf(request.ip)}`, 'Too many sign-ins from this network.');

  const takeKeySignIn = ({ name }: Operator) =>
    takeOneSignIn(`key-sign-in:${name}`, 'Too many sign-ins with this key.');

  async function takeRequest({ name }: Operator): Promise<Refusal | null> {
    const { allowed, ...verdict } = await operatorRequests.take(name);
    if (allowed) return null;
    const detail = 'Too many requests of one operator.';
    return refused('rate-limited', { detail, policy: 'operator-requests', ...verdict });
  }

  function require(role: OperatorRole): RequestHandler {
    return async (request, response, next) => {
      const several = checkCredentialCount(request);
      if (several !== null) {
        next(several);
        return;
      }
      const operator = await identify(request);
      if (operator === null) {
        next(await refuse(request));
        return;
      }
      setOperatorName(response, operator.name);
      const hurry = await takeRequest(operator);
      if (hurry !== null) {
        next(hurry);
        return;
      }
      if (!mayActAs(operator, role)) {
        next(refused('forbidden', { detail: `This needs the role ${role}; you have ${operator.role}.` }));
        return;
      }
      response.locals['operator'] = operator;
      next();
    };
  }

  return { identify, sessionOf, require, refuse, takeSignIn, takeKeySignIn, takeRequest, cookieName };
}

/** The operator whom {@link OperatorGate.require} let pass. */
export function operatorOf(response: Response): Operator {
  return response.locals['operator'] as Operator;
}

/** Whether {@link OperatorGate.require} let an operator pass. */
export function isOperator(response: Response): boolean {
  return response.locals['operator'] !== undefined;
}

/** A key in the header, or one in the dashboard's form. */
function offersKey(request: Request): boolean {
  return request.headers.authorization !== undefined || request.method === 'POST';
}

/** Whether the dashboard's cookie may speak for the request. */
export function isOwnRequest(request: Request, publicUrl: string | null): boolean {
  const from = {
    method: request.method,
    fetchSite: request.get('sec-fetch-site'),
    fetchMode: request.get('sec-fetch-mode'),
    origin: request.get('origin'),
    host: request.host,
  };
  return isFromOwnPages(from, publicUrl);
}
