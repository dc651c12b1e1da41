import { LRUCache } from 'lru-cache';
import type { Caller } from '../../domain/caller.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { GuestAdoption } from '../ports.ts';
import type { Person } from '../resolve-identity.ts';
import { endsGuest } from './link-guest.ts';
import type { GuestCookie, GuestCredentials } from './ports.ts';

export interface GuestAdoptionParts {
  credentials: GuestCredentials;
  cookie: GuestCookie;
  resolveIdentity(caller: Caller): Person | Refusal;
  ledger: Pick<BondLedger, 'adopt'>;
  /** Pairs of member and guest whose answer is remembered, at least 1; each is some 200 bytes. */
  rememberedMax: number;
}

/**
 * Adoption without being asked, at a member's token request that brings the guest cookie along. The ledger is asked
 * once for each pair and its answer remembered, so that the mint stays one round trip although the cookie comes with
 * every request.
 */
export function createGuestAdoption(parts: GuestAdoptionParts): GuestAdoption {
  const { credentials: guestCredentials, cookie, resolveIdentity, ledger } = parts;
  const answers = new LRUCache<string, boolean>({ max: parts.rememberedMax });

  return {
    async adopt(service, member, credentials, nowMs) {
      if (credentials.cookie === undefined || !credentials.originTrusted) return false;
      const credential = cookie.find(credentials.cookie, service);
      if (credential === undefined) return false;
      const guest = guestCredentials.open(credential, service, nowMs);
      if (typeof guest === 'string') return false;
      const own = resolveIdentity(guest.caller);
      if (own.outcome === 'refused') return false;

      const pair = `${service} ${own.identity} ${member}`;
      const known = answers.get(pair);
      if (known !== undefined) return known;
      const answer = await ledger.adopt(service, { guest: own.identity, member, at: nowMs });
      const over = endsGuest(answer, own.identity);
      // A block may be lifted; every other answer is final.
      const isFinal = answer.outcome !== 'kept-separate' || answer.reason !== 'identity-blocked';
      if (isFinal) answers.set(pair, over);
      return over;
    },
  };
}
