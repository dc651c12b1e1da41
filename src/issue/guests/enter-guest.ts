import { GUEST_LIFE_SECONDS } from '../../domain/guest.ts';
import { guestsNotAllowed } from '../../domain/guests-not-allowed.ts';
import type { Limiter, LimitVerdict } from '../../domain/limiter.ts';
import { type Refusal, refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { Person } from '../resolve-identity.ts';
import type { Guest, GuestCredentials } from './ports.ts';

export interface EnterGuestRequest {
  service: ServiceName;
  /** Credentials that came with the request, the most explicit first. */
  offered: readonly string[];
  /** Where the request comes from, for the limit on new guests; see `addressBlockOf`. */
  addressBlock: string;
  nowMs: number;
}

export interface EnteredGuest {
  outcome: 'entered';
  guestId: string;
  /** The one that was offered, or its replacement: a new guest's, or a fresh one instead of a stale one. */
  credential: string;
  /** Until when `credential` is good, whole seconds since the epoch. */
  expiresAt: number;
  /** True for a guest who never was. */
  created: boolean;
}

/**
 * Confirms this browser's guest, or makes a new one. Safe to repeat: a valid credential always gives the same guest.
 * One that is forged, expired, for another service, or whose guest has become a member gives a new guest, never
 * another person.
 *
 * Refuses with `guests-not-allowed` where the policy denies guests, and with `rate-limited` for too many new guests
 * of one address block or too many requests of one guest.
 */
export type EnterGuest = (request: EnterGuestRequest) => Promise<EnteredGuest | Refusal>;

export interface EnterGuestParts {
  /** Null: the policy denies guests. */
  credentials: GuestCredentials | null;
  resolveIdentity(caller: Guest['caller']): Person | Refusal;
  ledger: Pick<BondLedger, 'identityFile'>;
  /** How often one guest may ask. */
  limiter: Limiter;
  /** How many new guests there may be, by address block. */
  newGuests: Limiter;
}

export function createEnterGuest(parts: EnterGuestParts): EnterGuest {
  const { credentials, resolveIdentity, ledger, limiter, newGuests } = parts;
  if (credentials === null) return async () => guestsNotAllowed();

  return async ({ service, offered, addressBlock, nowMs }) => {
    for (const credential of offered) {
      const guest = credentials.open(credential, service, nowMs);
      if (typeof guest === 'string') continue;
      const person = resolveIdentity(guest.caller);
      if (person.outcome === 'refused') return person;
      const verdict = await limiter.take(`guest:${person.logReference}`);
      if (!verdict.allowed) return refuseRate('guest-requests', 'Too many requests of one guest.', verdict);
      const { servedFor } = await ledger.identityFile(service, person.identity);
      if (servedFor !== null) continue;
      const issued = guest.stale ? credentials.issue(guest.id, service, nowMs) : { id: guest.id, credential };
      const madeAt = guest.stale ? Math.floor(nowMs / 1000) : guest.issuedAt;
      return entered(issued, madeAt, false);
    }
    const verdict = await newGuests.take(addressBlock);
    if (!verdict.allowed) return refuseRate('new-guests', 'Too many new guests from this network.', verdict);
    return entered(credentials.issue(null, service, nowMs), Math.floor(nowMs / 1000), true);
  };
}

function entered(
  { id, credential }: { id: string; credential: string },
  madeAt: number,
  created: boolean,
): EnteredGuest {
  const expiresAt = madeAt + GUEST_LIFE_SECONDS;
  return { outcome: 'entered', guestId: id, credential, expiresAt, created };
}

function refuseRate(policy: string, detail: string, { allowed, ...verdict }: LimitVerdict): Refusal {
  return refused('rate-limited', { detail, policy, ...verdict });
}
