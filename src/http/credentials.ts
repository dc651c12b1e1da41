import type { IncomingMessage } from 'node:http';
import { refused } from '../domain/refusal.ts';
import type { Credentials } from '../issue/ports.ts';
import type { Origins } from './origins.ts';
import type { Problem } from './problem.ts';

/** Everything of the request that may say who is asking, in the service that it asks for. */
export function readCredentials(
  request: IncomingMessage,
  origins: Origins,
  service?: string | undefined,
): Credentials {
  const { headers } = request;
  return {
    authorization: headers.authorization,
    apiKey: single(headers['x-api-key']),
    subject: single(headers['x-subject']),
    cookie: headers.cookie,
    originTrusted: origins.trusts(headers.origin, headers.host),
    service,
  };
}

/**
 * Refuses a request with several Authorization headers. Node keeps the first in silence, but a proxy in front
 * may have checked another one.
 */
export function checkAuthorizationCount(request: IncomingMessage): Problem | null {
  const { rawHeaders } = request;
  let found = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 13 && name.toLowerCase() === 'authorization') found += 1;
  }
  if (found <= 1) return null;
  return refused('invalid-request', {
    detail: 'Send one credential only.',
    errors: [{ pointer: 'Authorization', detail: 'Must be sent once.' }],
  });
}

/** Repeated headers arrive joined by a comma, which no key and no subject contains. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}
