import type { IncomingMessage, ServerResponse } from 'node:http';
import { tokenRequestSchema } from '../../contract.ts';
import { DEFAULT_SERVICE } from '../../domain/service-name.ts';
import type { GuestCookie } from '../../issue/guests/ports.ts';
import type { Credentials } from '../../issue/ports.ts';
import type { IssuedToken, IssueToken, TokenRequestBody } from '../../issue/token-request.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { createCrawlerCheck } from '../crawlers.ts';
import { checkCredentialCount, readCredentials } from '../credentials.ts';
import { buildGuestSetCookie } from '../guest-set-cookie.ts';
import { refusedInput } from '../input-faults.ts';
import { limitFailures } from '../limits.ts';
import type { Origins } from '../origins.ts';
import { enterFor, type FailedAuthentications } from '../outside-calls.ts';
import { buildProblem, failureOf, PROBLEM_MEDIA_TYPE, type Problem } from '../problem.ts';
import { PROBLEM_KINDS } from '../problem-kinds.ts';
import { readBody } from '../read-body.ts';
import { checkJsonHeaders, parseJsonObject } from '../read-json.ts';
import { readHints } from '../request-hints.ts';
import type { RequestIds } from '../request-id.ts';
import type { DirectHandler } from '../shortcuts.ts';
import { createTokenAnswers } from '../token-answer.ts';

export const TOKENS_PATH = '/v1/tokens';

export interface TokensRouteDeps {
  issueToken: IssueToken;
  /** Counts requests that failed to authenticate, by address block. */
  failedAuthentications: FailedAuthentications;
  origins: Origins;
  guestCookie: GuestCookie;
  requestIds: RequestIds;
  /** The client's address, by what is configured to be trusted. */
  addressOf(req: IncomingMessage): string | undefined;
  /** What every other route gets from helmet, as name, value, name, value. */
  securityHeaders: readonly string[];
  publicUrl: string | null;
  demo: boolean;
  logger: Logger;
  metrics: Metrics;
}

/** One request on its way through. */
interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  requestId: string;
  startedAt: number;
}

const JSON_TYPE = ['Content-Type', 'application/json; charset=utf-8'];
const BODY_BYTES_MAX = 8192;
const FIELDS = Object.keys(tokenRequestSchema.shape);

/**
 * `POST /v1/tokens`, the hot path: it stands first in the app, behind no middleware, and so does for itself what
 * middleware does for the others. Every answer is one `writeHead` with a flat header list and one `end`.
 *
 * What `issueToken` answers or throws it has logged and counted itself; here that happens only to requests that
 * never reached it, and to answers that could not be written.
 */
export function createTokensRoute(deps: TokensRouteDeps): DirectHandler {
  const { issueToken, origins, metrics, logger } = deps;
  const fixedHeaders = [
    ...deps.securityHeaders,
    'Cache-Control',
    'no-store',
    ...(deps.demo ? ['X-Demo', '1'] : []),
  ];
  const buildAnswer = createTokenAnswers(deps.demo);
  const isCrawler = createCrawlerCheck();
  const observe = metrics.requestTimer('POST', TOKENS_PATH);

  return (req, res) => {
    const exchange = {
      req,
      res,
      requestId: deps.requestIds(req.headers['x-request-id']),
      startedAt: performance.now(),
    };
    try {
      read(exchange);
    } catch (error) {
      fail(exchange, error);
    }
  };

  function read(exchange: Exchange): void {
    const { req } = exchange;
    const unreadable = checkJsonHeaders(req.headers, BODY_BYTES_MAX) ?? checkCredentialCount(req);
    if (unreadable !== null) {
      refuseUndecided(exchange, unreadable);
      return;
    }
    readBody(req, BODY_BYTES_MAX, (body, unfit) => {
      if (unfit !== null) {
        refuseUndecided(exchange, unfit);
        return;
      }
      const parsed = parseTokenRequest(body);
      if (parsed.problem !== null) refuseUndecided(exchange, parsed.problem);
      else void issue(exchange, parsed.body);
    });
  }

  async function issue(exchange: Exchange, body: TokenRequestBody): Promise<void> {
    const { req, requestId } = exchange;
    try {
      const enter = enterFor(deps.failedAuthentications, req, deps.addressOf);
      const credentials = readCredentials(req, origins, body.service, enter);
      const hints = readHints(req.headers, credentials.originTrusted, isCrawler);
      // Worked out of the headers each time, and only the human check wants it.
      const remoteAddress = body.humanToken === undefined ? undefined : deps.addressOf(req);
      const asked = { requestId, credentials, body, hints, remoteAddress };
      const answer = await issueToken(asked).catch(failureOf);
      if (answer.outcome !== 'refused' && answer.outcome !== 'failed') hand(exchange, answer, credentials);
      else if (answer.code !== 'unauthenticated') sendProblem(exchange, answer);
      else
        sendProblem(exchange, await limitFailures(answer, deps.addressOf(req), deps.failedAuthentications));
    } catch (error) {
      fail(exchange, error);
    }
  }

  function fail(exchange: Exchange, error: unknown): void {
    const failure = failureOf(error);
    log(exchange, failure, error);
    if (exchange.res.headersSent) exchange.res.destroy();
    else sendProblem(exchange, failure);
  }

  function hand(exchange: Exchange, issued: IssuedToken, { cookie, service }: Credentials): void {
    const body = buildAnswer(issued);
    const own = issued.guestAdopted ? [...JSON_TYPE, 'Set-Cookie', forgetGuest(cookie, service)] : JSON_TYPE;
    send(exchange, 200, own, body, body.length, 'latin1');
  }

  /** The adopted guest leaves the browser, so that nobody else at it goes on as them. */
  function forgetGuest(cookie: string | undefined, service = DEFAULT_SERVICE as string): string {
    return buildGuestSetCookie(deps.guestCookie, deps.guestCookie.drop(cookie, service));
  }

  function refuseUndecided(exchange: Exchange, problem: Problem): void {
    log(exchange, problem);
    sendProblem(exchange, problem);
    metrics.countDenied(problem.code);
  }

  function sendProblem(exchange: Exchange, problem: Problem): void {
    const { req, requestId } = exchange;
    const { publicUrl } = deps;
    const { authorization } = req.headers;
    const { status, headers, body } = buildProblem(problem, {
      publicUrl,
      requestId,
      path: TOKENS_PATH,
      authorization,
    });
    const own = ['Content-Type', PROBLEM_MEDIA_TYPE, ...headers];
    send(exchange, status, own, body, Buffer.byteLength(body), 'utf8');
  }

  function send(
    { req, res, requestId, startedAt }: Exchange,
    status: number,
    own: readonly string[],
    body: string,
    bytes: number,
    encoding: 'latin1' | 'utf8',
  ): void {
    res.writeHead(status, [
      ...fixedHeaders,
      ...origins.headersFor(req.headers.origin),
      ...own,
      'X-Request-Id',
      requestId,
      'Content-Length',
      String(bytes),
    ]);
    res.end(body, encoding);
    observe(status, (performance.now() - startedAt) / 1000);
  }

  function log({ requestId, startedAt }: Exchange, problem: Problem, error?: unknown): void {
    const { status, level } = PROBLEM_KINDS[problem.code];
    const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    const event = {
      event: 'http.request',
      method: 'POST',
      route: TOKENS_PATH,
      status,
      durationMs,
      requestId,
    };
    logger[level]({ ...event, code: problem.code, ...(error === undefined ? {} : { err: error }) });
  }
}

function parseTokenRequest(
  body: Buffer | null,
): { problem: Problem; body?: never } | { problem: null; body: TokenRequestBody } {
  const parsed = parseJsonObject(body);
  if ('problem' in parsed) return parsed;
  const result = tokenRequestSchema.safeParse(parsed.value);
  return result.success
    ? { problem: null, body: result.data }
    : { problem: refusedInput(result.error, FIELDS, parsed.value) };
}
