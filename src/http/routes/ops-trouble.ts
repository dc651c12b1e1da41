import type { ErrorRequestHandler, Request } from 'express';
import { amountOf } from '../../domain/amount-of.ts';
import { buildProblem, isProblem } from '../problem.ts';
import { PROBLEM_KINDS } from '../problem-kinds.ts';
import { requestIdOf, setOutcome } from '../request-scope.ts';
import type { OpsContext } from './ops-context.ts';

/**
 * Last in the dashboard: what a route refuses is a page for a browser, with the status and headers of the problem
 * document that anybody else gets.
 */
export function createTroublePage(
  { publicUrl }: { publicUrl: string | null },
  { sendNotice }: Pick<OpsContext, 'sendNotice'>,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (!isProblem(error) || !isBrowser(request) || response.headersSent) return next(error);
    const { authorization } = request.headers;
    const path = `${request.baseUrl}${request.path}`;
    const requestId = requestIdOf(response);
    const { status, headers } = buildProblem(error, { publicUrl, requestId, path, authorization });
    for (let at = 0; at + 1 < headers.length; at += 2) {
      response.set(headers[at] as string, headers[at + 1] as string);
    }
    setOutcome(response, error);
    const { title } = PROBLEM_KINDS[error.code];
    const wait = response.get('Retry-After');
    const text = wait ? `${error.detail} Try again in ${amountOf(Number(wait), 'second')}.` : error.detail;
    sendNotice(request, response, status, { title, text, link: 'To the dashboard' });
  };
}

/** Programs that take anything get what programs can read. */
function isBrowser({ headers }: Request): boolean {
  return headers.accept?.includes('text/html') === true;
}
