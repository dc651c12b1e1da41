import type { Request } from 'express';
import { type Month, parseNamedMonth } from '../domain/month.ts';
import type { InputFault } from '../domain/refusal.ts';

/** The month that a path names by `:month`, which may be `current`; else its fault. */
export function monthOfPath(request: Request, nowMs: number): Month | InputFault[] {
  const month = parseNamedMonth(String(request.params['month']), nowMs);
  return month ?? [{ pointer: 'path', detail: 'Must be YYYY-MM or `current`.' }];
}
