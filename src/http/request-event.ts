import type { ServerResponse } from 'node:http';
import type { Logger } from '../telemetry/logger.ts';
import type { Problem } from './problem.ts';
import { PROBLEM_KINDS } from './problem-kinds.ts';

/** A request that is over. */
export interface EndedRequest {
  method: string;
  /** Pattern, never a path; null when there is none. */
  route: string | null;
  requestId: string;
  durationMs: number;
  /** Undefined when nothing was wrong. */
  problem: Problem | undefined;
  /** For the log only. */
  error: unknown;
  /** Name of the operator who asked, whatever came of it; undefined for everybody else. */
  operator?: string | undefined;
  /** Whether machines ask this all day, so that the line is at level `debug`. */
  quiet: boolean;
}

/** Emits the one event `http.request`, which is the same for every route. Paths and query strings have no place in it. */
export function logRequest(logger: Logger, response: ServerResponse, request: EndedRequest): void {
  const { method, route, requestId, durationMs, problem, error, operator, quiet } = request;
  const event = {
    event: 'http.request',
    method,
    route,
    status: response.statusCode,
    durationMs: Math.round(durationMs * 1000) / 1000,
    requestId,
    ...(operator === undefined ? undefined : { operator }),
    ...(problem === undefined ? undefined : { code: problem.code }),
    ...(error === undefined ? undefined : { err: error }),
    ...(response.writableFinished ? undefined : { aborted: true }),
  };
  if (problem !== undefined) logger[PROBLEM_KINDS[problem.code].level](event);
  else logger[quiet ? 'debug' : 'info'](event);
}
