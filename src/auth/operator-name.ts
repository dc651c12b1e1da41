import { createHash } from 'node:crypto';
import { spellBytes } from '../domain/spell-bytes.ts';

/** Ops keys have names of their own; nobody at a provider may pass for one. */
const PREFIX = 'oidc:';
/** A name in the audit log stays on one line. */
const LENGTH_MAX = 128;
const DIGEST_LENGTH = 11;
/** What a terminal or a reader could take for something else, and what begins an escape. */
const ESCAPED = /[^\x20-\x7e]|%/gu;

/**
 * What an operator of a provider is called in sessions, limits and the audit log: the first of the claims that is a name, with
 * other characters than printable ASCII as their UTF-8 behind percent signs. Of a long name the end is a digest of all of it,
 * so that two people never share one.
 */
export function nameOperator(...claims: readonly unknown[]): string {
  const given = claims.find(isName);
  const name = `${PREFIX}${String(given).replace(ESCAPED, (character) => spellBytes(character, '%'))}`;
  if (name.length <= LENGTH_MAX) return name;
  const digest = createHash('sha256').update(name).digest('base64url').slice(0, DIGEST_LENGTH);
  return `${name.slice(0, LENGTH_MAX - DIGEST_LENGTH - 1)}~${digest}`;
}

function isName(claim: unknown): boolean {
  return typeof claim === 'number' || (typeof claim === 'string' && claim.trim() !== '');
}
