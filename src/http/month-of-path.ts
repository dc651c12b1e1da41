import type { Request } from 'express';
import { type Month, monthOf, parseMonth } from '../domain/month.ts';
import type { InputFault } from '../domain/refusal.ts';

/** The month that a path names by `:month`, which may be `current`; else its fault. */
export function monthOfPath(request: Request, nowMs: number): Month | InputFault[] {
  const named = String(request.params['month']);
  const month = named === 'current' ? monthOf(nowMs) : parseMonth(named);
  return month ?? [{ pointer: 'path', detail: 'Must be YYYY-MM or `current`.' }];
}
