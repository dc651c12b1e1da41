import { hash, timingSafeEqual } from 'node:crypto';

export interface KeyHolder<T> {
  /** SHA-256 of the key, lower-case hex. */
  sha256: string;
  holder: T;
}

/**
 * Finds whose key it is. Every known digest is compared in constant time and none is skipped after a hit, so
 * that the time taken says nothing about which keys exist.
 *
 * @throws TypeError for a digest that is not 64 hex digits
 */
export function createKeyTable<T>(holders: readonly KeyHolder<T>[]): (key: string) => T | null {
  const rows = holders.map(({ sha256, holder }) => {
    if (!/^[0-9a-f]{64}$/i.test(sha256)) throw new TypeError('the SHA-256 of a key is 64 hex digits');
    return { digest: Buffer.from(sha256, 'hex'), holder };
  });
  return (key) => {
    const presented = hash('sha256', key, 'buffer');
    let found: T | null = null;
    for (const { digest, holder } of rows) {
      if (timingSafeEqual(digest, presented)) found = holder;
    }
    return found;
  };
}
