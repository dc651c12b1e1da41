import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type CookieOptions,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
  urlencoded,
} from 'express';
import type { Clock } from '../../domain/clock.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { type Month, monthOf, parseMonth } from '../../domain/month.ts';
import { type Refusal, refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { buildLoginPage } from '../../ops/login-page.ts';
import { buildMonthPage } from '../../ops/month-page.ts';
import { buildNoticePage } from '../../ops/notice-page.ts';
import { NOTICES, type Notice } from '../../ops/notices.ts';
import type { OneTimeLogins } from '../../ops/one-time-logins.ts';
import { mayActAs, type Operator } from '../../ops/operator.ts';
import { type OperatorSessions, SESSION_LIFE_SECONDS } from '../../ops/operator-sessions.ts';
import { readStyles } from '../../ops/read-styles.ts';
import { COUNTING_RULES } from '../../reports/counting-rules.ts';
import { readMonthOverview } from '../../reports/month-overview.ts';
import { createMonthReports } from '../../reports/month-reports.ts';
import { withoutCost } from '../../reports/month-summary.ts';
import { type RowReport, reportIdentities, reportMints } from '../../reports/row-report.ts';
import { isOwnRequest, type OperatorGate } from '../operators.ts';
import { failureOf } from '../problem.ts';
import { setOutcome } from '../request-scope.ts';
import { sendExport } from './months.ts';

export interface OpsRoutesDeps {
  ledger: LedgerReader;
  clock: Clock;
  gate: OperatorGate;
  sessions: OperatorSessions;
  logins: OneTimeLogins;
  /** Says whose ops key an Authorization header holds; null for none and for an unknown one. */
  authenticate: (authorization: string | undefined) => Operator | null;
  /** False when no ops key is configured: the form then says so. */
  keysConfigured: boolean;
  services: readonly ServiceName[];
  /** Configured class names; listed even when nobody of them was seen. */
  classes: readonly string[];
  /** The URL that the outside uses, or null. */
  publicUrl: string | null;
  demo: boolean;
}

/** Nothing but our own style sheet and icon is loaded, no script runs, and no other page may hold this one. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** An ops key in a form, with room to spare. */
const FORM_BYTES_MAX = 2_048;
const ANY_IDENTITY = { className: null, signals: [], not: [], beginning: null };

/** The dashboard: a page for every month, rendered here, working without scripts. To be mounted at `/ops`. */
export function createOpsRoutes(deps: OpsRoutesDeps): Router {
  const { ledger, clock, gate, sessions, logins, authenticate, services, publicUrl, demo } = deps;
  const reports = createMonthReports(deps);
  const cookie: CookieOptions = {
    httpOnly: true,
    sameSite: 'strict',
    secure: gate.cookieName.startsWith('__Host-'),
    path: '/',
  };
  const router = Router({ caseSensitive: true });

  router.get('/ops.css', serve('text/css', readStyles()));
  router.get(
    '/icon.svg',
    serve('image/svg+xml', readFileSync(new URL('../../ops/icon.svg', import.meta.url))),
  );

  router.get('/', pageHeaders, async (request, response, next) => {
    const search = searchOf(request);
    const code = search.get('login');
    if (code !== null && request.method === 'GET') return openByCode(request, response, code);
    const operator = gate.identify(request);
    const hasKey = request.headers.authorization !== undefined;
    if (operator === null && hasKey) return turnAway(request, response, next);
    if (operator === null) return sendLogin(response, 200, null);
    await sendMonth(response, search, operator, !hasKey);
  });

  const form = urlencoded({ extended: false, limit: FORM_BYTES_MAX });
  router.post('/login', pageHeaders, ownPagesOnly, form, async (request, response, next) => {
    const key: unknown = request.body?.key;
    const operator = typeof key === 'string' ? authenticate(`Bearer ${key.trim()}`) : null;
    if (operator === null) return turnAway(request, response, next);
    signIn(response, operator);
    response.redirect(303, request.baseUrl);
  });

  router.post('/logout', pageHeaders, ownPagesOnly, (request, response) => {
    response.clearCookie(gate.cookieName, cookie);
    response.redirect(303, request.baseUrl);
  });

  // A link cannot ask for a media type, so the exports of the API have addresses of their own here.
  router.get('/exports/:month/identities.csv', gate.require('finance'), (request, response, next) =>
    sendRows(request, response, next, (service, month) =>
      reportIdentities(ledger, service, month, ANY_IDENTITY),
    ),
  );
  router.get('/exports/:month/mints.csv', gate.require('finance'), (request, response, next) =>
    sendRows(request, response, next, (service, month) => reportMints(ledger, service, month, ANY_IDENTITY)),
  );

  /** A one-time link: trades its code for a session, and leaves the address so that nobody can read it there. */
  function openByCode(request: Request, response: Response, code: string): void {
    const operator = logins.redeem(code);
    if (operator === null) {
      const detail = 'This link was used already or has expired; ask for a new one.';
      refuseLogin(response, refused('unauthenticated', { detail, reason: 'expired' }), detail);
      return;
    }
    signIn(response, operator);
    // After a click on another site's page, the browser keeps a strict cookie back from everything that the click
    // leads to, redirects included; a link on our own page ends that.
    if (request.get('sec-fetch-site') === 'cross-site') sendNotice(response, 200, NOTICES.signedIn);
    else response.redirect(303, request.baseUrl);
  }

  /** The form once more after a wrong key, until there were too many. */
  async function turnAway(request: Request, response: Response, next: NextFunction): Promise<void> {
    const refusal = await gate.refuse(request);
    if (refusal.code === 'unauthenticated') refuseLogin(response, refusal, 'This ops key is not known here.');
    else next(refusal);
  }

  function refuseLogin(response: Response, refusal: Refusal, fault: string): void {
    setOutcome(response, refusal);
    response.set('WWW-Authenticate', 'Bearer realm="mau-guard"');
    sendLogin(response, 401, fault);
  }

  function signIn(response: Response, operator: Operator): void {
    const session = sessions.seal(operator, clock.now());
    response.cookie(gate.cookieName, session, { ...cookie, maxAge: SESSION_LIFE_SECONDS * 1000 });
  }

  async function sendMonth(
    response: Response,
    search: URLSearchParams,
    operator: Operator,
    signedIn: boolean,
  ) {
    const service = findService(search);
    const month = parseMonthOrCurrent(search.get('month') ?? 'current', clock);
    if (service === undefined) return sendNotice(response, 404, NOTICES.noService);
    if (month === null) return sendNotice(response, 400, NOTICES.noMonth);
    try {
      const overview = await readMonthOverview(reports, clock, service, month);
      const summary = mayActAs(operator, 'finance') ? overview.summary : withoutCost(overview.summary);
      const page = {
        ...overview,
        summary,
        service,
        services,
        rules: COUNTING_RULES,
        operator,
        signedIn,
        demo,
      };
      response.send(buildMonthPage(page));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      setOutcome(response, failureOf(error), error);
      response.set('Retry-After', String(error.retryAfterSeconds));
      sendNotice(response, 503, NOTICES.noLedger);
    }
  }

  async function sendRows(
    request: Request,
    response: Response,
    next: NextFunction,
    report: (service: ServiceName, month: Month) => RowReport<unknown>,
  ): Promise<void> {
    const service = findService(searchOf(request));
    const month = parseMonthOrCurrent(String(request.params['month']), clock);
    if (service === undefined || month === null)
      return next(refused('not-found', { detail: 'There is no such export.' }));
    await sendExport(request, response, report(service, month), 'csv');
  }

  function findService(search: URLSearchParams): ServiceName | undefined {
    return services.find((name) => name === (search.get('service') ?? DEFAULT_SERVICE));
  }

  function sendLogin(response: Response, status: number, fault: string | null): void {
    response.status(status).send(buildLoginPage({ fault, keysConfigured: deps.keysConfigured, demo }));
  }

  function sendNotice(response: Response, status: number, notice: Notice): void {
    response.status(status).send(buildNoticePage({ ...notice, demo }));
  }

  function ownPagesOnly(request: Request, _response: Response, next: NextFunction): void {
    if (isOwnRequest(request, publicUrl)) next();
    else
      next(refused('forbidden', { detail: 'Forms of the dashboard can be sent from its own pages only.' }));
  }

  return router;
}

const pageHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': PAGE_POLICY,
    'Cache-Control': 'no-store',
    // Under no-referrer a browser sends `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
  });
  next();
};

/** A file of ours: asked for again every time, sent again only when it changed. */
function serve(type: string, body: string | Buffer): RequestHandler {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
  const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache', ETag: tag };
  return (_request, response) => {
    response.set(headers).send(body);
  };
}

function parseMonthOrCurrent(text: string, clock: Clock): Month | null {
  return text === 'current' ? monthOf(clock.now()) : parseMonth(text);
}

function searchOf(request: Request): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start));
}
