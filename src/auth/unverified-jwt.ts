import type { KeyHint } from './key-source.ts';
import { isPlainObject } from './plain-object.ts';

/** In characters. Real tokens have one or two thousand. */
export const TOKEN_LENGTH_MAX = 8192;
const NESTING_MAX = 8;
const KEY_ID_LENGTH_MAX = 1024;
const JWT_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const JWE_PARTS = 5;

/** What a token says of itself before anything is checked: good for finding the key, and for nothing else. */
export interface UnverifiedJwt {
  header: KeyHint;
  /** A critical extension is named; jose decides whether it knows it. */
  critical: boolean;
  issuer: unknown;
}

/**
 * True for whatever begins with the header of a signed token (RFC 7515), also a broken one; such a token is never tried as
 * an opaque one. An encrypted one (RFC 7516, section 9: of five parts) is as good as opaque, since only its issuer can read it.
 */
export function beginsLikeJwt(token: string): boolean {
  const parts = token.split('.');
  if (parts.length === JWE_PARTS) return false;
  try {
    return typeof readPart(parts[0] ?? '')?.['alg'] === 'string';
  } catch {
    return false;
  }
}

/** Reads a token without trust; null when it is no JWT or one that only an attack would look like. */
export function readUnverifiedJwt(token: string): UnverifiedJwt | null {
  if (!JWT_SHAPE.test(token)) return null;
  try {
    const [first = '', second = ''] = token.split('.', 2);
    const header = readPart(first);
    const claims = readPart(second);
    if (header === null || claims === null) return null;
    const { alg, kid, crit } = header;
    if (typeof alg !== 'string' || !isShallow(header, NESTING_MAX) || !isShallow(claims, NESTING_MAX))
      return null;
    if (kid === undefined) return { header: { alg }, critical: crit !== undefined, issuer: claims['iss'] };
    if (typeof kid !== 'string' || kid.length > KEY_ID_LENGTH_MAX) return null;
    return { header: { alg, kid }, critical: crit !== undefined, issuer: claims['iss'] };
  } catch {
    return null;
  }
}

/**
 * Lenient where jose is strict, and several times faster: nothing that is read here is believed before jose has
 * read and verified the same token itself.
 */
function readPart(part: string): Record<string, unknown> | null {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  return isPlainObject(value) ? value : null;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isShallow(each, levels - 1));
}
