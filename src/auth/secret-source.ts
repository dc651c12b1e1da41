import { webcrypto } from 'node:crypto';
import type { KeySource } from './key-source.ts';

/** The one key of an issuer that signs with a shared secret (HS256). It changes only by restart. */
export function createSecretSource(secret: string): KeySource {
  // Imported once, and only when first used: importing anew costs half of each verification.
  let key: Promise<webcrypto.CryptoKey> | undefined;
  return {
    generation: 0,
    async find() {
      key ??= webcrypto.subtle.importKey(
        'raw',
        Buffer.from(secret, 'utf8'),
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['verify'],
      );
      return { candidates: [await key], generation: 0 };
    },
    async renew() {},
  };
}
