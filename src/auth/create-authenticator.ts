import { parseCookie } from 'cookie';
import type { Caller } from '../domain/caller.ts';
import { guestsNotAllowed } from '../domain/guests-not-allowed.ts';
import { type Refusal, refused } from '../domain/refusal.ts';
import { DEFAULT_SERVICE } from '../domain/service-name.ts';
import { untrustedOrigin } from '../domain/untrusted-origin.ts';
import type { Authenticator, Credentials } from '../issue/ports.ts';
import { holdsSeveralCredentials, readAuthorization } from './authorization.ts';
import { createBackendReader } from './backends.ts';
import { createBearerReader } from './bearer.ts';
import { GUEST_COOKIES } from './guest-cookie.ts';
import type { AuthenticatorOptions, GuestOptions } from './options.ts';
import { createSessionReader } from './session.ts';
import { unauthenticated } from './unauthenticated.ts';

/** Who is asking. Calls nobody until a credential needs it, and holds no timers. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const fetch = options.fetch ?? globalThis.fetch;
  const readBearer = createBearerReader(options, fetch);
  const readBackend = createBackendReader(options.backends, options.classes, options.backendRequests);
  const guests = options.guests ?? null;
  const sessionCookie = options.session?.cookieName;
  const readSession =
    options.session === null
      ? null
      : createSessionReader(options.session, options.classes, fetch, options.limits.verifiedTokens);

  function byBearer({ authorization, enterOutside }: Credentials, nowMs: number) {
    const token = readAuthorization(authorization, 'Bearer');
    return token === undefined ? undefined : readBearer(token, nowMs, enterOutside);
  }

  function byBackend({ apiKey, subject }: Credentials) {
    return apiKey === undefined ? undefined : readBackend(apiKey, subject);
  }

  function byGuestHeader(credentials: Credentials, nowMs: number) {
    const credential = readAuthorization(credentials.authorization, 'Guest');
    return credential === undefined ? undefined : readGuest(credential, credentials, nowMs);
  }

  function byGuestCookie(credentials: Credentials, nowMs: number) {
    const credential = guests === null ? findAnyGuest(credentials) : findGuest(guests, credentials);
    if (credential === undefined) return undefined;
    return credentials.originTrusted ? readGuest(credential, credentials, nowMs) : untrustedOrigin();
  }

  function readGuest(credential: string, { service }: Credentials, nowMs: number): Caller | Refusal {
    if (guests === null) return guestsNotAllowed();
    const guest = guests.credentials.open(credential, service ?? DEFAULT_SERVICE, nowMs);
    return typeof guest === 'string' ? unauthenticated(guest) : guest.caller;
  }

  function bySession(credentials: Credentials, nowMs: number) {
    if (readSession === null || sessionCookie === undefined) return undefined;
    const value = readCookie(credentials, sessionCookie);
    if (value === undefined) return undefined;
    if (!credentials.originTrusted) return untrustedOrigin();
    const whenSignedOut = () => byGuestCookie(credentials, nowMs) ?? unauthenticated('signed-out');
    const { enterOutside } = credentials;
    // A guest's session cookie names nobody, and that is no failure.
    const enter =
      enterOutside &&
      (() => {
        const leave = enterOutside();
        if (typeof leave !== 'function') return leave;
        return (failed: boolean) => leave(failed && 'outcome' in whenSignedOut());
      });
    const answer = readSession(value, nowMs, enter);
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
        byGuestHeader(credentials, nowMs) ??
        refuseOtherScheme(credentials) ??
        bySession(credentials, nowMs) ??
        byGuestCookie(credentials, nowMs) ??
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

function refuseOtherScheme({ authorization }: Credentials): Refusal | undefined {
  if (authorization === undefined) return undefined;
  return unauthenticated('malformed', 'The Authorization header has a scheme that is not known here.');
}

function findGuest({ cookie }: GuestOptions, credentials: Credentials): string | undefined {
  return cookie.find(credentials.cookie, credentials.service ?? DEFAULT_SERVICE);
}

/** Where guests are denied, a guest cookie of either name says that a guest is asking. */
function findAnyGuest(credentials: Credentials): string | undefined {
  return GUEST_COOKIES.map((name) => readCookie(credentials, name)).find((value) => value !== undefined);
}

/** The value as it was sent, not decoded: it may have to be forwarded. Undefined when absent or empty. */
function readCookie({ cookie }: Credentials, name: string): string | undefined {
  return cookie === undefined ? undefined : parseCookie(cookie, { decode: (raw) => raw })[name] || undefined;
}
