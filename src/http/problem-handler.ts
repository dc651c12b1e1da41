import type { ErrorRequestHandler, Request, Response } from 'express';
import { GatewayError } from '../domain/gateway-error.ts';
import { refused } from '../domain/refusal.ts';
import { isOperator } from './operators.ts';
import {
  buildProblem,
  failureOf,
  isProblem,
  PROBLEM_MEDIA_TYPE,
  type Problem,
  refusedByHttp,
} from './problem.ts';
import { requestIdOf, setOutcome } from './request-scope.ts';

/**
 * Last in the app: writes out every problem value and every error that reached `next`. Errors that Express and
 * its body parsers blame on the client keep their meaning; anything untyped is a plain 500 outside and a full log
 * line inside, joined by the request id.
 */
export function createProblemHandler(publicUrl: string | null): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const blamed = isProblem(error) ? error : blameClient(error);
    const problem = blamed ?? failureOf(error, isOperator(res));
    setOutcome(res, problem, blamed === null ? error : undefined);
    // Nothing can be said any more; a cut connection at least does not look like a whole answer.
    if (res.headersSent) res.destroy();
    else sendProblem(req, res, problem, publicUrl);
  };
}

function sendProblem(req: Request, res: Response, problem: Problem, publicUrl: string | null): void {
  const path = `${req.baseUrl}${req.path}`;
  const authorization = req.headers.authorization;
  const answer = buildProblem(problem, { publicUrl, requestId: requestIdOf(res), path, authorization });
  res.statusCode = answer.status;
  for (let at = 0; at + 1 < answer.headers.length; at += 2) {
    res.setHeader(answer.headers[at] as string, answer.headers[at + 1] as string);
  }
  res.removeHeader('ETag');
  res.setHeader('Content-Type', PROBLEM_MEDIA_TYPE);
  res.setHeader('Content-Length', Buffer.byteLength(answer.body));
  res.setHeader('Cache-Control', 'no-store');
  res.end(answer.body);
}

/** Errors of Express, its router and its body parsers carry a status; below 500 they speak of the request. */
function blameClient(error: unknown): Problem | null {
  if (error instanceof GatewayError || !(error instanceof Error) || !('status' in error)) return null;
  switch (error.status) {
    case 400:
      return error instanceof URIError
        ? refusedPath()
        : refused('invalid-request', {
            detail: 'The body could not be read.',
            errors: [{ pointer: '', detail: 'Is not well-formed, or did not arrive whole.' }],
          });
    case 413:
      return refusedByHttp('payload-too-large', { detail: 'The body exceeds the limit of this address.' });
    case 415:
      return refusedByHttp('unsupported-media-type', {
        detail: 'Charset or content encoding is not supported.',
      });
    default:
      return null;
  }
}

/** For a path whose percent-encoding does not decode. */
export function refusedPath(): Problem {
  return refused('invalid-request', {
    detail: 'The path is not well-formed.',
    errors: [{ pointer: 'path', detail: 'Percent-encoding must decode to UTF-8.' }],
  });
}
