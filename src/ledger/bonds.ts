import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { IdentityRecord } from './records.ts';

/** Asks that a member goes on under the identity that their browser had as a guest. */
export interface Adoption {
  guest: Identity;
  /** The member's own identity. */
  member: Identity;
  /** ms since the epoch. */
  at: number;
}

export type AdoptionOutcome =
  /** The member is served as the guest's identity from now on; nobody else is any more. */
  | { outcome: 'adopted'; identity: Identity }
  /** The member was linked before: `identity` is what they are served as. */
  | { outcome: 'already-linked'; identity: Identity }
  | {
      outcome: 'kept-separate';
      /** The member's own. */
      identity: Identity;
      /** `member-has-identity`: both exist already, both are billed; the pair is kept as a {@link Merge}. */
      reason: 'guest-already-adopted' | 'member-has-identity' | 'identity-blocked';
    };

/** Two identities known to be one person, which no link could save from being counted twice. */
export interface Merge {
  guest: Identity;
  member: Identity;
  /** ms since the epoch. */
  at: number;
}

/** Everything the ledger has about an identity. */
export interface IdentityFile {
  /** Newest month first; only months in which it was counted. */
  months: { month: Month; record: IdentityRecord }[];
  /** What this own identity is served as, when linked. */
  servedAs: Identity | null;
  /** An own identity that is served as this one, when there is one. */
  servedFor: Identity | null;
  blocked: boolean;
}

/** Somebody who was asked for by their own identity. */
export interface PersonFound {
  /** What they are served as: their own identity unless it is linked. Null when somebody else has taken it over. */
  identity: Identity | null;
  /** Of that identity in the month; null when it was not counted there, or no month was asked for. */
  record: IdentityRecord | null;
}

/** Which identities are one person. */
export interface BondLedger {
  /**
   * Adopts a guest's identity when the member was counted in no kept month and the guest is not known to be another
   * member, by adoption or by {@link Merge}. One atomic step; asking again changes nothing. Rejects as a newcomer's admission
   * does while the store may have lost data: that the member was counted may be among it.
   */
  adopt(service: ServiceName, adoption: Adoption): Promise<AdoptionOutcome>;

  /** In order of recording. */
  merges(service: ServiceName): Promise<Merge[]>;

  identityFile(service: ServiceName, identity: Identity): Promise<IdentityFile>;

  /** What each own identity is served as; null for those without a link. At most 1000. */
  linksOf(service: ServiceName, own: readonly Identity[]): Promise<(Identity | null)[]>;

  /**
   * Who each own identity is, and what they did in a month, in the order asked for. At most 1000. Months whose rows have
   * left the ledger know nobody.
   *
   * @param month null: only who they are
   */
  findPeople(service: ServiceName, own: readonly Identity[], month: Month | null): Promise<PersonFound[]>;
}
