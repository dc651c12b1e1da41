import type { Caller } from '../domain/caller.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { GuestAdoption } from './ports.ts';
import type { Person } from './resolve-identity.ts';
import type { TokenRequest } from './token-request.ts';

export interface AdoptionAttempt {
  /** True when the guest cookie is of no more use. */
  adopted: boolean;
  /**
   * Why nobody knows whether the guest is adopted, or null. Whoever the month has goes on as what they are, since a
   * member who was counted adopts nobody; anybody else must not be counted before that is known.
   */
  failure: GatewayError | null;
}

export const NOTHING_ADOPTED: AdoptionAttempt = { adopted: false, failure: null };

export interface AdoptionContext {
  service: ServiceName;
  caller: Caller;
  person: Person;
  request: TokenRequest;
  /** ms since the epoch. */
  nowMs: number;
}

/** Lets a member take over the guest whose cookie they bring. Only their own identity can. */
export async function adoptGuest(
  guestAdoption: GuestAdoption,
  { service, caller, person, request: { credentials }, nowMs }: AdoptionContext,
): Promise<AdoptionAttempt> {
  // Backends speak for people whose browser is elsewhere.
  const signsIn = caller.via === 'bearer' || caller.via === 'session';
  if (credentials.cookie === undefined || !signsIn || person.kind === 'pool') return NOTHING_ADOPTED;
  try {
    const adopted = await guestAdoption.adopt(service, person.identity, credentials, nowMs);
    return { adopted, failure: null };
  } catch (failure) {
    if (!(failure instanceof GatewayError) || failure.code !== 'ledger-unavailable') throw failure;
    return { adopted: false, failure };
  }
}
