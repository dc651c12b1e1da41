import { createHmac, sign } from 'node:crypto';

/** Base64url of a text, of bytes, or of anything as JSON. */
export function encode(value) {
  const bytes = Buffer.isBuffer(value) || typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(bytes).toString('base64url');
}

/** The JSON in a part of a token. */
export function decode(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}

/**
 * A token signed with a shared secret, whatever its header says.
 *
 * @param {unknown} header an object, or JSON as text
 * @param {unknown} claims likewise
 * @param {import('node:crypto').BinaryLike | import('node:crypto').KeyObject} key
 */
export function signHmac(header, claims, key, hash = 'sha256') {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/**
 * A token signed with a private key: RSA (PKCS #1 v1.5, or `options.padding`) or EC.
 *
 * @param {unknown} header
 * @param {unknown} claims
 * @param {import('node:crypto').KeyObject} key
 * @param {{ hash?: string, padding?: number, saltLength?: number }} [options]
 */
export function signWithKey(header, claims, key, { hash = 'sha256', ...options } = {}) {
  const signed = `${encode(header)}.${encode(claims)}`;
  const signature = sign(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363', ...options });
  return `${signed}.${signature.toString('base64url')}`;
}

/** The same token with some of its three parts replaced. */
export function withParts(token, change) {
  return change(token.split('.')).join('.');
}
