import type { IncomingMessage } from 'node:http';
import { refused } from '../domain/refusal.ts';
import type { Credentials, EnterOutside } from '../issue/ports.ts';
import type { Origins } from './origins.ts';
import type { Problem } from './problem.ts';

/**
 * Everything of the request that may say who is asking, in the service that it asks for.
 *
 * @param enterOutside see {@link Credentials}
 */
export function readCredentials(
  request: IncomingMessage,
  origins: Origins,
  service?: string | undefined,
  enterOutside?: EnterOutside | undefined,
): Credentials {
  const { headers } = request;
  return {
    authorization: headers.authorization,
    apiKey: single(headers['x-api-key']),
    subject: single(headers['x-subject']),
    cookie: headers.cookie,
    originTrusted: origins.trusts(headers.origin, headers.host),
    service,
    enterOutside,
  };
}

const SENT_ONCE = ['Authorization', 'X-Api-Key', 'X-Subject'];
const LOWERED = SENT_ONCE.map((name) => name.toLowerCase());

/**
 * Refuses a request that says twice who is asking. Node keeps the first `Authorization` in silence, though a proxy in front
 * may have checked another one, and joins the others to a key or a subject that nobody has sent.
 */
export function checkCredentialCount(request: IncomingMessage): Problem | null {
  const { rawHeaders } = request;
  const found = SENT_ONCE.map(() => 0);
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    // Nearly all headers have another length than these.
    if (name.length !== 13 && name.length !== 9) continue;
    const place = LOWERED.indexOf(name.toLowerCase());
    if (place >= 0) found[place]! += 1;
  }
  const repeated = SENT_ONCE.filter((_name, place) => found[place]! > 1);
  if (repeated.length === 0) return null;
  return refused('invalid-request', {
    detail: 'Send one credential only.',
    errors: repeated.map((pointer) => ({ pointer, detail: 'Must be sent once.' })),
  });
}

/** Node knows these as text only; other headers may be lists. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
