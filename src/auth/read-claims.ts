import type { ReadClaims } from '../issue/ports.ts';
import { type CallerReader, createCallerReader } from './claims.ts';
import { GUEST_ISSUER } from './guest-credentials.ts';
import type { AuthenticatorOptions, ClaimNames } from './options.ts';
import { unauthenticated } from './unauthenticated.ts';

/** Where a name and nothing else is believed: of guests, and of those whom a backend names. */
const SUBJECT_ONLY: ClaimNames = { person: 'sub', class: null, tenant: null, display: null };

type Options = Pick<AuthenticatorOptions, 'backends' | 'session' | 'classes'> & {
  issuers: readonly Pick<AuthenticatorOptions['issuers'][number], 'issuer' | 'claims'>[];
  /** Null where guests are denied. */
  guestClass: string | null;
};

/** Builds the reader of claims that somebody asks about. Nothing is verified: it must not hand out anything. */
export function createReadClaims({ issuers, backends, session, classes, guestClass }: Options): ReadClaims {
  const readers = new Map<string, CallerReader>();
  for (const { issuer, classes: given } of backends) {
    const ofBackend = [{ name: given[0] ?? classes[0]?.name ?? '' }];
    readers.set(
      issuer,
      createCallerReader({ issuer, names: SUBJECT_ONLY, classes: ofBackend, via: 'backend' }),
    );
  }
  if (session !== null) {
    const { issuer, claims: names } = session;
    readers.set(issuer, createCallerReader({ issuer, names, classes, via: 'session' }));
  }
  // A person's own login says more than the others do.
  for (const { issuer, claims: names } of issuers) {
    readers.set(issuer, createCallerReader({ issuer, names, classes, via: 'bearer' }));
  }
  const readGuest = (issuer: string, className: string) =>
    createCallerReader({ issuer, names: SUBJECT_ONLY, classes: [{ name: className }], via: 'guest' });

  return (issuer, claims) => {
    if (guestClass !== null && issuer.startsWith(GUEST_ISSUER)) return readGuest(issuer, guestClass)(claims);
    return readers.get(issuer)?.(claims) ?? unauthenticated('unknown-issuer');
  };
}
