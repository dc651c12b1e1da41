import { KeyObject, verify } from 'node:crypto';
import { type CryptoKey, type JWTPayload, type JWTVerifyOptions, UnsecuredJWT } from 'jose';
import type { UnverifiedJwt } from './unverified-jwt.ts';

/** RFC 7518 section 3.3. */
const MODULUS_BITS_MIN = 2048;
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** The header `{"alg":"none"}`: what is left of a token once its signature was checked. */
const UNSIGNED_HEADER = 'eyJhbGciOiJub25lIn0';

const keyObjects = new WeakMap<CryptoKey, KeyObject | null>();

/** The key for {@link verifyRs256}; null for a key or a token that is jose's to judge as a whole. */
export function rs256KeyFor(token: string, jwt: UnverifiedJwt, key: CryptoKey): KeyObject | null {
  if (jwt.header.alg !== 'RS256' || jwt.critical || !SHAPE.test(token)) return null;
  let known = keyObjects.get(key);
  if (known === undefined) {
    known = isRs256Key(key) ? KeyObject.from(key as Parameters<typeof KeyObject.from>[0]) : null;
    keyObjects.set(key, known);
  }
  return known;
}

/**
 * The claims of an RS256 token, or null when the key did not make the signature; throws what `jwtVerify` throws.
 *
 * Comes to what jose's `jwtVerify` comes to, but on this thread: WebCrypto hands every signature to another one, and
 * on a busy core the way there and back costs more than the signature (docs/decisions/0001-rs256-on-this-thread.md).
 * jose still judges the claims.
 */
export function verifyRs256(token: string, key: KeyObject, checks: JWTVerifyOptions): JWTPayload | null {
  const signed = token.slice(0, token.lastIndexOf('.'));
  const signature = Buffer.from(token.slice(signed.length + 1), 'base64url');
  if (!verify('sha256', Buffer.from(signed, 'latin1'), key, signature)) return null;
  return UnsecuredJWT.decode(`${UNSIGNED_HEADER}${signed.slice(signed.indexOf('.'))}.`, checks).payload;
}

function isRs256Key({ type, usages, algorithm }: CryptoKey): boolean {
  const { name, modulusLength, hash } = algorithm as {
    name: string;
    modulusLength?: number;
    hash?: { name: string };
  };
  return (
    type === 'public' &&
    usages.includes('verify') &&
    name === 'RSASSA-PKCS1-v1_5' &&
    hash?.name === 'SHA-256' &&
    (modulusLength ?? 0) >= MODULUS_BITS_MIN
  );
}
