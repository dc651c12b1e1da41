import type { Caller } from '../../domain/caller.ts';
import { guestsNotAllowed } from '../../domain/guests-not-allowed.ts';
import type { Identity } from '../../domain/identity.ts';
import type { Limiter } from '../../domain/limiter.ts';
import { type AuthenticationFailure, type Refusal, refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { untrustedOrigin } from '../../domain/untrusted-origin.ts';
import type { AdoptionOutcome, BondLedger } from '../../ledger/bonds.ts';
import type { Authenticator, Credentials } from '../ports.ts';
import type { Person } from '../resolve-identity.ts';
import type { Guest, GuestCookie, GuestCredentials } from './ports.ts';

export interface LinkGuestRequest {
  service: ServiceName;
  /** Of the member; the guest cookie may be among them. */
  credentials: Credentials;
  /** The guest's, when it is not in the cookie. */
  guestCredential: string | undefined;
  nowMs: number;
}

export interface LinkedGuest {
  outcome: 'linked';
  link: AdoptionOutcome['outcome'];
  /** Null unless kept separate. */
  reason: Extract<AdoptionOutcome, { outcome: 'kept-separate' }>['reason'] | null;
  /** What the member is served as from now on. */
  identity: Identity;
  /** True when the guest in the cookie is of no more use to this browser and ought to leave it. */
  forgetCookie: boolean;
}

/**
 * Lets a member go on as the guest that their browser was. Needs both proofs, the member's login and the guest's
 * credential. Safe to repeat.
 *
 * Refuses with `unauthenticated` when either proof is missing or fails, `guests-not-allowed` where the policy denies
 * guests, `forbidden` for callers who share identities with others and for a cookie from a foreign origin,
 * `rate-limited` when one member asks too often.
 *
 * @throws GatewayError when the login or the ledger cannot be asked; repeating it is safe
 */
export type LinkGuest = (request: LinkGuestRequest) => Promise<LinkedGuest | Refusal>;

export interface LinkGuestParts {
  /** Null: the policy denies guests. */
  guests: { credentials: GuestCredentials; cookie: GuestCookie } | null;
  authenticator: Authenticator;
  resolveIdentity(caller: Caller): Person | Refusal;
  ledger: Pick<BondLedger, 'adopt'>;
  /** How often one member may ask. */
  limiter: Limiter;
}

export function createLinkGuest(parts: LinkGuestParts): LinkGuest {
  const { guests, authenticator, resolveIdentity, ledger, limiter } = parts;
  if (guests === null) return async () => guestsNotAllowed();

  function openGuest({ service, credentials, guestCredential, nowMs }: LinkGuestRequest): Guest | Refusal {
    const inCookie = guestCredential === undefined;
    const credential = guestCredential ?? guests?.cookie.find(credentials.cookie, service);
    if (guests === null || credential === undefined) {
      return unauthenticated(
        'missing',
        'A guest credential is needed beside the login, in the cookie or body.',
      );
    }
    if (inCookie && !credentials.originTrusted) {
      return untrustedOrigin();
    }
    const guest = guests.credentials.open(credential, service, nowMs);
    return typeof guest === 'string' ? unauthenticated(guest, 'The guest credential is not valid.') : guest;
  }

  /** True when the cookie holds this guest, also when the proof came in the body. */
  function cookieHolds(guest: Guest, { service, credentials, nowMs }: LinkGuestRequest): boolean {
    const credential = guests?.cookie.find(credentials.cookie, service);
    if (guests === null || credential === undefined) return false;
    const held = guests.credentials.open(credential, service, nowMs);
    return typeof held !== 'string' && held.id === guest.id;
  }

  return async (request) => {
    const { service, credentials, nowMs } = request;
    const caller = await authenticator.authenticate({ ...credentials, service }, nowMs);
    if ('outcome' in caller) return caller;
    if (caller.via === 'guest') {
      return unauthenticated('missing', 'An app login is needed beside the guest credential.');
    }
    const member = resolveIdentity(caller);
    if (member.outcome === 'refused') return member;
    const { allowed, ...verdict } = await limiter.take(`link:${member.logReference}`);
    if (!allowed) {
      return refused('rate-limited', {
        detail: 'Too many links of one person.',
        policy: 'link-requests',
        ...verdict,
      });
    }
    if (member.kind === 'pool') {
      return refused('forbidden', {
        detail: 'Callers of this class share identities and cannot take over one.',
      });
    }

    const guest = openGuest(request);
    if ('outcome' in guest) return guest;
    const own = resolveIdentity(guest.caller);
    if (own.outcome === 'refused') return own;

    const answer = await ledger.adopt(service, {
      guest: own.identity,
      member: member.identity,
      at: nowMs,
    });
    return {
      outcome: 'linked',
      link: answer.outcome,
      reason: answer.outcome === 'kept-separate' ? answer.reason : null,
      identity: answer.identity,
      forgetCookie: endsGuest(answer, own.identity) && cookieHolds(guest, request),
    };
  };
}

/**
 * Whether the guest is over for this browser. Also when both exist already: the guest is known to be this member,
 * and the next person at a shared browser must not go on as them.
 */
export function endsGuest(answer: AdoptionOutcome, guest: Identity): boolean {
  switch (answer.outcome) {
    case 'adopted':
      return true;
    case 'already-linked':
      return answer.identity === guest;
    case 'kept-separate':
      return answer.reason !== 'identity-blocked';
    default: {
      const unknown: never = answer;
      throw new Error(`unknown outcome ${JSON.stringify(unknown)}`);
    }
  }
}

function unauthenticated(reason: AuthenticationFailure, detail: string): Refusal {
  return refused('unauthenticated', { detail, reason });
}
