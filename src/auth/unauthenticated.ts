import { type AuthenticationFailure, type Refusal, refused } from '../domain/refusal.ts';

const DETAILS: Record<AuthenticationFailure, string> = {
  missing: 'No credential was sent.',
  malformed: 'The credential is malformed.',
  'unknown-issuer': 'The token comes from an issuer that is not accepted here.',
  'unknown-key': 'The token is signed with a key that its issuer does not publish.',
  'bad-signature': 'The signature of the token is wrong.',
  algorithm: 'The token is signed with an algorithm that is not accepted.',
  audience: 'The token is meant for another audience.',
  expired: 'The token has expired.',
  'not-yet-valid': 'The token is not valid yet.',
  'issued-in-future': 'The token says that it was issued in the future.',
  claims: 'A claim that says who is asking is missing or unusable.',
  inactive: 'The token is not active.',
  'unknown-backend': 'The API key is not known.',
  'signed-out': 'The session is not signed in.',
  'guest-adopted': 'This guest has become a member; log in, or begin as a new guest.',
  'guest-credential': 'The guest credential is not valid here.',
  identity: 'The login names a person who cannot be given an identity.',
};

/**
 * The refusal of a credential.
 *
 * @param detail a sentence for the caller; never holds anything of the credential
 */
export function unauthenticated(reason: AuthenticationFailure, detail: string = DETAILS[reason]): Refusal {
  return refused('unauthenticated', { detail, reason });
}
