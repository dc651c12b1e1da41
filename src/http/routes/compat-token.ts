import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type Refusal, refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE } from '../../domain/service-name.ts';
import type { GuestCookie } from '../../issue/guests/ports.ts';
import type { Credentials } from '../../issue/ports.ts';
import type { IssuedToken, IssueToken } from '../../issue/token-request.ts';
import { type CompatRequest, readCompatRequest } from '../compat-request.ts';
import { createCrawlerCheck } from '../crawlers.ts';
import { readCredentials } from '../credentials.ts';
import { buildGuestSetCookie } from '../guest-set-cookie.ts';
import { limitFailures } from '../limits.ts';
import type { Origins } from '../origins.ts';
import { enterFor, type FailedAuthentications } from '../outside-calls.ts';
import { failureOf, type Problem, refusedByHttp } from '../problem.ts';
import { readHints } from '../request-hints.ts';
import { requestIdOf } from '../request-scope.ts';

export interface CompatTokenDeps {
  issueToken: IssueToken;
  /** Whether a login may come as `password`, which in a GET stands in the address. */
  takesPassword: boolean;
  origins: Origins;
  guestCookie: GuestCookie;
  /** Counts requests that failed to authenticate, by address block. */
  failedAuthentications: FailedAuthentications;
  /** Counts requests that were refused before anything was decided; `issueToken` counts the others itself. */
  countDenied(code: Problem['code']): void;
}

/** As a person's click; these clients have no word for why they ask. */
const INTENT = 'open_chat';

/**
 * `GET` and `POST /token`: the raw JWT that Twilio's demo apps expect, by the same way as `POST /v1/tokens`. To be
 * mounted at `/token`, where that is configured.
 */
export function createCompatTokenRoutes(deps: CompatTokenDeps): Router {
  const { issueToken, takesPassword, origins } = deps;
  const isCrawler = createCrawlerCheck();
  const router = Router({ caseSensitive: true });

  const answer: RequestHandler = async (request, response, next) => {
    const asked = await readCompatRequest(request, takesPassword);
    if ('problem' in asked) {
      deps.countDenied(asked.problem.code);
      return next(asked.problem);
    }
    const originTrusted = trustsOrigin(request, origins);
    const cookieTrusted = originTrusted && (request.method === 'GET' || asked.asJson);
    const issued = await issueToken({
      requestId: requestIdOf(response),
      credentials: { ...readLogin(request, asked), originTrusted: cookieTrusted },
      body: { intent: INTENT, service: asked.service },
      hints: readHints(request.headers, originTrusted, isCrawler),
    }).catch(failureOf);
    if (issued.outcome !== 'refused' && issued.outcome !== 'failed') hand(request, response, issued, asked);
    else if (issued.code === 'unauthenticated')
      next(await limitFailures(issued, request.ip, deps.failedAuthentications));
    else next(issued.code === 'forbidden' && originTrusted && !cookieTrusted ? cookieNeedsJson() : issued);
  };

  /** A password goes the way of a bearer token; a cookie beside it comes along as one beside a bearer token does. */
  function readLogin(request: Request, { service, password }: CompatRequest): Credentials {
    const enter = enterFor(deps.failedAuthentications, request, ({ ip }) => ip);
    const sent = readCredentials(request, origins, service, enter);
    return password === undefined ? sent : { ...sent, authorization: `Bearer ${password}` };
  }

  /** Not `send`, which may answer 304 to a question about a token that has just been minted. */
  function hand(
    request: Request,
    response: Response,
    { token, guestAdopted }: IssuedToken,
    { service = DEFAULT_SERVICE }: CompatRequest,
  ): void {
    if (guestAdopted) {
      const left = deps.guestCookie.drop(request.headers.cookie, service);
      response.append('Set-Cookie', buildGuestSetCookie(deps.guestCookie, left));
    }
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(token));
    response.end(token);
  }

  // Express would answer HEAD by the GET route, and so mint a token that nobody sees.
  router.get('/', (request, response, next) =>
    request.method === 'HEAD' ? next(refuseHead()) : answer(request, response, next),
  );
  router.post('/', answer);
  return router;
}

/**
 * Whether the request comes from a page that is trusted with cookies. A mint counts somebody, so a GET needs as much as
 * a write: an `Origin` that is trusted, or, as browsers name none to the page's own origin, their word that a script of
 * that origin asks. An image or a link in a page of ours is no script, and may have been put there by others.
 */
function trustsOrigin({ method, headers }: Request, origins: Origins): boolean {
  if (headers.origin !== undefined || method !== 'GET') return origins.trusts(headers.origin, headers.host);
  const destination = headers['sec-fetch-dest'] ?? 'empty';
  return headers['sec-fetch-site'] === 'same-origin' && destination === 'empty';
}

function cookieNeedsJson(): Refusal {
  return refused('forbidden', {
    detail:
      'A cookie is used by POST only with a JSON body. Other clients send a credential in the Authorization header.',
  });
}

function refuseHead(): Problem {
  const allow = ['GET', 'POST', 'OPTIONS'];
  return refusedByHttp('method-not-allowed', { detail: `Use one of ${allow.join(', ')}.`, allow });
}
