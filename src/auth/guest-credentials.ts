import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../domain/caller.ts';
import { GUEST_LIFE_SECONDS, isGuestId } from '../domain/guest.ts';
import type { Guest, GuestCredentials } from '../issue/guests/ports.ts';

export interface GuestCredentialsOptions {
  /** What is signed with `previous` is still accepted, so that rotating the secret loses no guest. */
  secrets: { current: string; previous: string | null };
  /** Class of every guest. */
  className: string;
  /** Credentials remembered, at least 1. */
  rememberedMax: number;
}

/** Begins the issuer of guests; what follows is the service. No configured issuer has such a name: those are URLs. */
export const GUEST_ISSUER = 'mau-guard:guest:';

/** Says what the signature is for, so that nothing else that is signed with the same secret passes as a guest. */
const PURPOSE = 'mau-guard guest credential 1\n';
/** Version, service, guest, when it was made (seconds since the epoch, base 36), signature. */
const CREDENTIAL = /^1\.([a-z][a-z0-9-]{0,31})\.(g_[0-9a-f]{32})\.([0-9a-z]{1,8})\.[\w-]{43}$/;
const LENGTH_MAX = 128;
const SIGNATURE_LENGTH = 43;

/** After this a visit makes a new one, so that the guest lives on from their last visit. */
const FRESH_SECONDS = 86_400;
/** How far ahead of ours the clock of the gateway that made it may be. */
const AHEAD_SECONDS_MAX = 86_400;

/**
 * Guest credentials signed with HMAC-SHA256. The signature covers the service, so that a credential is good for the
 * one service that it was made for; the guest's issuer holds the service too, so that even the same guest id would
 * be two people in two services.
 */
export function createGuestCredentials(options: GuestCredentialsOptions): GuestCredentials {
  const current = keyOf(options.secrets.current);
  const previous = options.secrets.previous === null ? null : keyOf(options.secrets.previous);
  const guests = new LRUCache<string, Guest>({ max: options.rememberedMax });

  function issue(id: string | null, service: string, nowMs: number): { id: string; credential: string } {
    const guest = id ?? `g_${randomBytes(16).toString('hex')}`;
    if (!isGuestId(guest)) throw new Error('not the id of a guest');
    const payload = `1.${service}.${guest}.${Math.floor(nowMs / 1000).toString(36)}`;
    return { id: guest, credential: `${payload}.${sign(payload, current)}` };
  }

  /** The guest of a credential with a good signature, whenever it was made. */
  function verify(credential: string): Guest | null {
    const known = guests.get(credential);
    if (known !== undefined) return known;
    const [, service, id, made] = CREDENTIAL.exec(credential) ?? [];
    if (service === undefined || id === undefined || made === undefined) return null;
    const payload = credential.slice(0, -SIGNATURE_LENGTH - 1);
    const signature = credential.slice(-SIGNATURE_LENGTH);
    const byCurrent = isEqual(sign(payload, current), signature);
    if (!byCurrent && (previous === null || !isEqual(sign(payload, previous), signature))) return null;
    const caller = callerOf(id, service, options.className);
    const guest = { id, caller, issuedAt: Number.parseInt(made, 36), stale: !byCurrent };
    guests.set(credential, guest);
    return guest;
  }

  return {
    issue,
    open(credential, service, nowMs) {
      if (credential.length > LENGTH_MAX) return 'guest-credential';
      const guest = verify(credential);
      if (guest === null || guest.caller.issuer !== issuerOf(service)) return 'guest-credential';
      const age = Math.floor(nowMs / 1000) - guest.issuedAt;
      if (age < -AHEAD_SECONDS_MAX) return 'guest-credential';
      if (age >= GUEST_LIFE_SECONDS) return 'expired';
      return age > FRESH_SECONDS && !guest.stale ? { ...guest, stale: true } : guest;
    },
  };
}

function issuerOf(service: string): string {
  return `${GUEST_ISSUER}${service}`;
}

function callerOf(subject: string, service: string, className: string): Caller {
  return Object.freeze({
    issuer: issuerOf(service),
    subject,
    className,
    tenant: null,
    display: null,
    via: 'guest',
  } satisfies Caller);
}

function keyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, 'utf8'));
}

function sign(payload: string, key: KeyObject): string {
  return createHmac('sha256', key).update(PURPOSE).update(payload).digest('base64url');
}

/** Both are 43 ASCII characters by now. */
function isEqual(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(expected, 'latin1'), Buffer.from(given, 'latin1'));
}
