import { parseCookie } from 'cookie';
import type { CookieOptions, NextFunction, Request, RequestHandler, Response } from 'express';
import type { Clock } from '../../domain/clock.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { type Refusal, refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import { type Assets, readAssets } from '../../ops/assets.ts';
import { type Frame, parseTheme, type Visitor } from '../../ops/frame.ts';
import { buildLoginPage, type LoginPageModel } from '../../ops/login-page.ts';
import { buildNoticePage } from '../../ops/notice-page.ts';
import { NOTICES, type Notice } from '../../ops/notices.ts';
import { mayActAs, type OperatorRole } from '../../ops/operator.ts';
import type { OperatorOidc } from '../../ops/operator-oidc.ts';
import { checkCredentialCount } from '../credentials.ts';
import { isOwnRequest, type OperatorGate } from '../operators.ts';
import { failureOf } from '../problem.ts';
import { problemOf, requestIdOf, setOperatorName, setOutcome } from '../request-scope.ts';
import { searchOf } from '../search-of.ts';
import { DASHBOARD, parseWayBack } from './ops-way-back.ts';

export interface OpsContextDeps {
  clock: Clock;
  gate: OperatorGate;
  services: readonly ServiceName[];
  /** False when no ops key is configured: the form then says so. */
  keysConfigured: boolean;
  /** Sign-in at an identity provider, or null. */
  oidc: OperatorOidc | null;
  /** The URL that the outside uses, or null. */
  publicUrl: string | null;
  demo: boolean;
}

/** What every page's handler of the dashboard is made with. */
export interface OpsContext {
  assets: Assets;
  /** Of every cookie that only this host and its pages may see. */
  cookie: CookieOptions;
  /** The frame of a page that anybody gets. */
  openFrame(request: Request): Frame;
  /** Who asks for a page and what they ask for; set by {@link OpsContext.enter}. */
  visitOf(response: Response): Visit;
  /** Lets an operator of at least this role see a page of a service; shows others the form, or why not. */
  enter(role: OperatorRole): RequestHandler;
  /** Forms are taken from our own pages only. */
  ownPagesOnly: RequestHandler;
  /** The form once more, saying why. */
  refuseLogin(request: Request, response: Response, why: RefusedLogin): void;
  sendNotice(request: Request, response: Response, status: number, notice: Notice): void;
  /** Says that the ledger, or the identity provider, does not answer; other errors go on. */
  sendFailure(request: Request, response: Response, error: unknown, notice?: Notice): void;
  /** The handler of a page or a form that may find the ledger away. */
  page(send: (request: Request, response: Response) => Promise<void>): RequestHandler;
  /** The form once more after a wrong key, until there were too many. The way back is where a right one leads. */
  turnAway(request: Request, response: Response, next: NextFunction, wayBack?: string): Promise<void>;
}

export interface RefusedLogin {
  refusal: Refusal;
  /** What the form says. */
  fault: string;
  /** Where the next try leads. */
  wayBack: string;
}

export interface Visit {
  search: URLSearchParams;
  frame: Frame & { visitor: Visitor };
}

export const THEME_COOKIE = 'mg_theme';

/** Nothing but our own files is loaded, and no other page may hold this one. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export const pageHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': PAGE_POLICY,
    'Cache-Control': 'no-store',
    // Under no-referrer a browser sends `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
  });
  next();
};

export function createOpsContext(deps: OpsContextDeps): OpsContext {
  const { gate, services, keysConfigured, oidc, publicUrl, demo } = deps;
  const assets = readAssets();

  function openFrame(request: Request): Frame {
    const theme = parseTheme(parseCookie(request.headers.cookie ?? '')[THEME_COOKIE]);
    // A page that answers a form has no address of its own to come back to.
    const address = request.method === 'GET' ? parseWayBack(request.originalUrl) : DASHBOARD;
    return { assets, demo, theme, address, visitor: null };
  }

  function sendLogin(
    request: Request,
    response: Response,
    { fault, wayBack }: Pick<LoginPageModel, 'fault' | 'wayBack'>,
  ): void {
    const cameByLink = fault === null && request.get('sec-fetch-site') === 'cross-site';
    const model = { keysConfigured, provider: oidc?.label ?? null, fault, wayBack, cameByLink };
    response.send(buildLoginPage({ ...model, frame: openFrame(request) }));
  }

  function refuseLogin(
    request: Request,
    response: Response,
    { refusal, fault, wayBack }: RefusedLogin,
  ): void {
    setOutcome(response, refusal);
    response.status(401).set('WWW-Authenticate', 'Bearer realm="mau-guard"');
    sendLogin(request, response, { fault, wayBack });
  }

  function sendNotice(request: Request, response: Response, status: number, notice: Notice): void {
    const code = problemOf(response)?.code ?? null;
    const reference = status >= 400 ? { reference: { requestId: requestIdOf(response), code } } : {};
    response.status(status).send(buildNoticePage({ ...notice, ...reference, frame: openFrame(request) }));
  }

  function sendFailure(
    request: Request,
    response: Response,
    error: unknown,
    notice: Notice = NOTICES.noLedger,
  ): void {
    if (!(error instanceof GatewayError)) throw error;
    setOutcome(response, failureOf(error), error);
    response.set('Retry-After', String(error.retryAfterSeconds));
    sendNotice(request, response, 503, notice);
  }

  async function turnAway(
    request: Request,
    response: Response,
    next: NextFunction,
    wayBack = DASHBOARD,
  ): Promise<void> {
    const refusal = await gate.refuse(request);
    if (refusal.code !== 'unauthenticated') return next(refusal);
    refuseLogin(request, response, { refusal, fault: 'This ops key is not known here.', wayBack });
  }

  function enter(role: OperatorRole): RequestHandler {
    return async (request, response, next) => {
      const several = checkCredentialCount(request);
      if (several !== null) return next(several);
      const operator = await gate.identify(request);
      const hasKey = request.headers.authorization !== undefined;
      if (operator === null && hasKey) return turnAway(request, response, next);
      if (operator === null) {
        response.status(request.method === 'POST' ? 401 : 200);
        return sendLogin(request, response, { fault: null, wayBack: openFrame(request).address });
      }
      setOperatorName(response, operator.name);
      const hurry = await gate.takeRequest(operator);
      if (hurry !== null) return next(hurry);
      if (!mayActAs(operator, role)) {
        setOutcome(response, refused('forbidden', { detail: `This needs the role ${role}.` }));
        const text = `This page needs the role ${role}; you have ${operator.role}.`;
        return sendNotice(request, response, 403, { ...NOTICES.noRole, text });
      }
      const search = searchOf(request);
      const service = services.find((name) => name === (search.get('service') ?? DEFAULT_SERVICE));
      if (service === undefined) return sendNotice(request, response, 404, NOTICES.noService);
      const visitor: Visitor = { operator, signedIn: !hasKey, service, services };
      response.locals['visit'] = { search, frame: { ...openFrame(request), visitor } } satisfies Visit;
      next();
    };
  }

  return {
    assets,
    cookie: { httpOnly: true, sameSite: 'strict', secure: gate.cookieName.startsWith('__Host-'), path: '/' },
    openFrame,
    visitOf: (response) => response.locals['visit'] as Visit,
    enter,
    ownPagesOnly(request, _response, next) {
      if (isOwnRequest(request, publicUrl)) return next();
      next(refused('forbidden', { detail: 'Forms of the dashboard can be sent from its own pages only.' }));
    },
    refuseLogin,
    sendNotice,
    sendFailure,
    page: (send) => (request, response) =>
      send(request, response).catch((error: unknown) => sendFailure(request, response, error)),
    turnAway,
  };
}
