import type { RequestHandler, Response, Router } from 'express';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Problem } from './problem.ts';
import { logRequest } from './request-event.ts';
import type { RequestIds } from './request-id.ts';
import { matchRoutes } from './route-table.ts';

export interface RequestScopeDeps {
  requestIds: RequestIds;
  logger: Logger;
  metrics: Metrics;
  demo: boolean;
}

/** Routes that machines ask all day; their lines are at level `debug`. */
const QUIET = new Set(['/livez', '/readyz', '/favicon.ico']);

/**
 * First middleware of every route but those that stand before all of it: gives the request its id, and its answer the
 * headers that all answers have; when it is over emits the one event `http.request` and its metric. Paths appear as
 * route patterns, query strings never.
 */
export function createRequestScope({ requestIds, logger, metrics, demo }: RequestScopeDeps): RequestHandler {
  /** Paths that are a route's pattern as they stand, so that this holds no more than there are routes. */
  const fixedRoutes = new Set<string>();

  function routeOf(router: Router, path: string): string | null {
    if (fixedRoutes.has(path)) return path;
    const route = matchRoutes(router, path)?.path ?? null;
    if (route === path) fixedRoutes.add(path);
    return route;
  }

  return (req, res, next) => {
    const startedAt = performance.now();
    const requestId = requestIds(req.headers['x-request-id']);
    const path = req.path;
    const { router } = req.app;
    res.locals['requestId'] = requestId;
    res.setHeader('X-Request-Id', requestId);
    res.setHeader('Cache-Control', 'no-store');
    if (demo) res.setHeader('X-Demo', '1');
    res.once('close', () => {
      const durationMs = performance.now() - startedAt;
      const route = routeOf(router, path);
      if (!isEventStream(res)) {
        metrics.observeRequest(req.method, route ?? 'none', res.statusCode, durationMs / 1000);
      }
      const { problem, error } = outcomeOf(res);
      const operator = res.locals['askedBy'] as string | undefined;
      const { method } = req;
      logRequest(logger, res, {
        method,
        route,
        requestId,
        durationMs,
        problem,
        error,
        operator,
        quiet: QUIET.has(path),
      });
    });
    next();
  };
}

/** A stream is open for minutes on purpose; among times to answer it would look like a gateway that hangs. */
function isEventStream(res: Response): boolean {
  return String(res.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

/** The request's id, for answers, the audit log and everything else that wants to name the request. */
export function requestIdOf(res: Response): string {
  const requestId: unknown = res.locals['requestId'];
  return typeof requestId === 'string' ? requestId : 'none';
}

/** Remembers how the request ended, for its event. The error is for the log only. */
export function setOutcome(res: Response, problem: Problem, error?: unknown): void {
  res.locals['outcome'] = { problem, error };
}

/** Remembers which operator asks, for the request's event: who read a list is as good to know as who wrote. */
export function setOperatorName(res: Response, name: string): void {
  res.locals['askedBy'] = name;
}

/** How the request ended so far; undefined while nothing is wrong. */
export function problemOf(res: Response): Problem | undefined {
  return outcomeOf(res).problem;
}

function outcomeOf(res: Response): { problem?: Problem; error?: unknown } {
  return (res.locals['outcome'] as { problem: Problem; error?: unknown } | undefined) ?? {};
}
