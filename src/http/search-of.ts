import type { Request } from 'express';

/** The query of a request, as it was sent. */
export function searchOf(request: Request): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start));
}
