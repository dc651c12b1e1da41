import type { Request } from 'express';
import type { Month } from '../domain/month.ts';
import { monthOfPath } from './month-of-path.ts';
import { refusedQuery } from './operator-query.ts';
import type { Problem } from './problem.ts';

/** The month in an address, `YYYY-MM` or `current`; else `invalid-request`. */
export function monthOfAddress(request: Request, nowMs: number): Month | Problem {
  const month = monthOfPath(request, nowMs);
  return Array.isArray(month) ? refusedQuery(month) : month;
}
