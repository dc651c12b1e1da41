import { parseCookie } from 'cookie';
import { type Refusal, refused } from '../domain/refusal.ts';
import type { Authenticator, Credentials } from '../issue/ports.ts';
import { holdsSeveralCredentials, readAuthorization } from './authorization.ts';
import { createBackendReader } from './backends.ts';
import { createBearerReader } from './bearer.ts';
import type { AuthenticatorOptions } from './options.ts';
import { createSessionReader } from './session.ts';
import { unauthenticated } from './unauthenticated.ts';

/** `__Host-` pins a cookie to this host over https; on loopback http there is only the plain name. */
const GUEST_COOKIES = ['__Host-mg_guest', 'mg_guest'];

/** Who is asking. Calls nobody until a credential needs it, and holds no timers. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const fetch = options.fetch ?? globalThis.fetch;
  const readBearer = createBearerReader(options, fetch);
  const readBackend = createBackendReader(options.backends, options.classes);
  const sessionCookie = options.session?.cookieName;
  const readSession =
    options.session === null
      ? null
      : createSessionReader(options.session, options.classes, fetch, options.limits.verifiedTokens);

  function byBearer({ authorization }: Credentials, nowMs: number) {
    const token = readAuthorization(authorization, 'Bearer');
    return token === undefined ? undefined : readBearer(token, nowMs);
  }

  function byBackend({ apiKey, subject }: Credentials) {
    return apiKey === undefined ? undefined : readBackend(apiKey, subject);
  }

  function bySession(credentials: Credentials, nowMs: number) {
    if (readSession === null || sessionCookie === undefined) return undefined;
    const value = readCookie(credentials, sessionCookie);
    if (value === undefined) return undefined;
    if (!credentials.originTrusted) return refuseOrigin();
    const answer = readSession(value, nowMs);
    const whenSignedOut = () => byGuestCookie(credentials) ?? unauthenticated('signed-out');
    if (answer instanceof Promise) return answer.then((late) => late ?? whenSignedOut());
    return answer ?? whenSignedOut();
  }

  return {
    authenticate(credentials, nowMs) {
      // The first credential present decides, also when it fails: a later one must not rescue it.
      return (
        refuseSeveral(credentials) ??
        byBearer(credentials, nowMs) ??
        byBackend(credentials) ??
        byGuestHeader(credentials) ??
        refuseOtherScheme(credentials) ??
        bySession(credentials, nowMs) ??
        byGuestCookie(credentials) ??
        unauthenticated('missing')
      );
    },
  };
}

function refuseSeveral({ authorization, apiKey }: Credentials): Refusal | undefined {
  if (authorization === undefined) return undefined;
  if (apiKey === undefined && !holdsSeveralCredentials(authorization)) return undefined;
  const detail =
    apiKey === undefined
      ? 'holds more than one credential'
      : 'and X-Api-Key are both present; send one of them';
  return refused('invalid-request', {
    detail: 'Exactly one credential can be sent in the headers.',
    errors: [{ pointer: 'Authorization', detail }],
  });
}

function byGuestHeader({ authorization }: Credentials): Refusal | undefined {
  return readAuthorization(authorization, 'Guest') === undefined ? undefined : refuseGuest();
}

function refuseOtherScheme({ authorization }: Credentials): Refusal | undefined {
  if (authorization === undefined) return undefined;
  return unauthenticated('malformed', 'The Authorization header has a scheme that is not known here.');
}

function byGuestCookie(credentials: Credentials): Refusal | undefined {
  if (GUEST_COOKIES.every((name) => readCookie(credentials, name) === undefined)) return undefined;
  return credentials.originTrusted ? refuseGuest() : refuseOrigin();
}

function refuseGuest(): Refusal {
  return refused('guests-not-allowed', { detail: 'Guests are not served here; a login is needed.' });
}

/** A browser sends cookies along with requests that other sites make it send. */
function refuseOrigin(): Refusal {
  return refused('forbidden', { detail: 'The Origin of this request may not use cookies here.' });
}

/** The value as it was sent, not decoded: it may have to be forwarded. Undefined when absent or empty. */
function readCookie({ cookie }: Credentials, name: string): string | undefined {
  return cookie === undefined ? undefined : parseCookie(cookie, { decode: (raw) => raw })[name] || undefined;
}
