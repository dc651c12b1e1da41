import { createHash } from 'node:crypto';
import { findIdentityFault, type Identity, parseIdentity } from '../../domain/identity.ts';
import { spellBytes } from '../../domain/spell-bytes.ts';

/** What does not stand as it is in an identity that is kept escaped; the tilde begins an escape. */
const ESCAPED = /[^A-Za-z0-9._@+-]/gu;

/**
 * What somebody whom Twilio names is called in the ledger. Twilio only advises against characters that a URL would mangle, so
 * people whom this gateway would never give a token may be active, and are billed: `auth0|12` is kept as `~auth0~7C12`, each
 * such character as the bytes of its UTF-8 behind tildes. A name that would become too long so is kept as its SHA-256
 * behind a tilde, which has no further one. Null for what cannot be anybody's identity.
 *
 * https://www.twilio.com/docs/conversations/identity
 */
export function keepIdentity(name: string): Identity | null {
  const fault = findIdentityFault(name);
  if (fault === null) return name as Identity;
  if (fault !== 'alphabet') return null;
  return parseIdentity(`~${escapeName(name)}`) ?? (`~${digestOf(name)}` as Identity);
}

/** Every character that an identity cannot have as the bytes of its UTF-8, each behind a tilde; tildes as well. */
export function escapeName(name: string): string {
  return name.replace(ESCAPED, (character) => spellBytes(character, '~'));
}

function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}
