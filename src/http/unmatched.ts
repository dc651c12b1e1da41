import type { RequestHandler } from 'express';
import { refused } from '../domain/refusal.ts';
import { refusedByHttp } from './problem.ts';
import { refusedPath } from './problem-handler.ts';
import { matchRoutes } from './route-table.ts';

/** Behind all routes of an app or of a router in it: 405 with `Allow` for a path that knows other methods, 404 for an unknown one, 400 for a broken one. */
export const refuseUnmatched: RequestHandler = (req, _res, next) => {
  const path = `${req.baseUrl}${req.path}`;
  if (!decodes(path)) {
    next(refusedPath());
    return;
  }
  const match = matchRoutes(req.app.router, path);
  if (match === null || match.methods.includes(req.method)) {
    next(refused('not-found', { detail: 'There is nothing under this address.' }));
    return;
  }
  const allow = [...match.methods, 'OPTIONS'];
  next(refusedByHttp('method-not-allowed', { detail: `Use one of ${allow.join(', ')}.`, allow }));
};

function decodes(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
