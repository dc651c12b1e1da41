declare const identityBrand: unique symbol;

/**
 * A Twilio Conversations identity that Twilio will accept and that survives a REST path unencoded.
 * Checked by {@link parseIdentity}; cast only where it was checked before, such as in what the ledger keeps.
 */
export type Identity = string & { readonly [identityBrand]: true };

/** Twilio's limit, in characters: https://www.twilio.com/docs/conversations/conversations-limits */
export const IDENTITY_LENGTH_MAX = 256;

/**
 * What survives URL paths, JSON and CSV as it stands. `@` and `+` are here for people who were given their e-mail
 * address as identity before there was a gateway; Twilio's documentation uses such identities, and advises against new
 * ones: https://www.twilio.com/docs/conversations/identity
 */
const ALPHABET = /^[A-Za-z0-9._~@+-]+$/;
/** Identities that look like a User SID are refused by Twilio: https://www.twilio.com/docs/api/errors/50206 */
const USER_SID = /^US[0-9a-f]{32}$/;

export type IdentityFault = 'empty' | 'too-long' | 'alphabet' | 'looks-like-user-sid';

/** What is wrong with a would-be identity, or null when nothing is. */
export function findIdentityFault(text: string): IdentityFault | null {
  if (text.length === 0) return 'empty';
  if (text.length > IDENTITY_LENGTH_MAX) return 'too-long';
  if (!ALPHABET.test(text)) return 'alphabet';
  if (USER_SID.test(text)) return 'looks-like-user-sid';
  return null;
}

/** The identity, or null when Twilio would refuse it or a URL would mangle it. Case is kept: it matters to Twilio. */
export function parseIdentity(text: string): Identity | null {
  return findIdentityFault(text) === null ? (text as Identity) : null;
}
