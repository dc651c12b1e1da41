import type { RequestHandler } from 'express';
import { refused } from '../domain/refusal.ts';
import { isCrossOriginPath } from './frontend-paths.ts';
import type { Origins } from './origins.ts';
import { matchRoutes } from './route-table.ts';

/** A backend's `X-Api-Key` has no business in a browser and is left out on purpose. */
const ALLOWED_HEADERS = 'Authorization, Content-Type, If-None-Match, X-Request-Id';
/** Chromium keeps a preflight for 2 hours at most, Firefox for 24. */
const PREFLIGHT_SECONDS = 7200;

/** Answer headers for listed origins, exact match; `Vary: Origin` for all. */
export function createCors(origins: Origins): RequestHandler {
  return (req, res, next) => {
    const headers = origins.headersFor(req.headers.origin);
    for (let at = 0; at + 1 < headers.length; at += 2) {
      res.setHeader(headers[at] as string, headers[at + 1] as string);
    }
    next();
  };
}

/**
 * Answers every OPTIONS request: 204 with the path's methods, and for a preflight from a listed origin what a
 * script there may send. Other origins get no permission, which is how a browser is told no.
 */
export function createOptionsResponder(origins: Origins): RequestHandler {
  return (req, res, next) => {
    if (req.method !== 'OPTIONS') {
      next();
      return;
    }
    const match = matchRoutes(req.app.router, req.path);
    if (match === null) {
      next(refused('not-found', { detail: 'There is nothing under this address.' }));
      return;
    }
    const methods = [...match.methods, 'OPTIONS'].join(', ');
    res.setHeader('Allow', methods);
    if (isCrossOriginPath(req.path) && origins.allows(req.headers.origin)) {
      res.setHeader('Access-Control-Allow-Methods', methods);
      res.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS);
      res.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    }
    res.status(204).end();
  };
}
