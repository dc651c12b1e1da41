import type { Identity } from '../domain/identity.ts';
import { isAddress } from './webhook/address.ts';

/** Class of identities that no configured prefix fits. */
const UNKNOWN = 'unknown';
const ADDRESS = 'address';

/**
 * Tells the class of an identity that only evidence speaks of, by what it begins with; `unknown` when nothing fits. The
 * longest prefix that fits decides, and what is spelled as an address is one: by the identity alone, so that the order in
 * which evidence comes plays no part.
 *
 * @param classes with the prefixes of their identities; empty where identities are not derived
 */
export function createClassByPrefix(
  classes: readonly { name: string; prefix: string }[],
): (identity: Identity) => string {
  const longestFirst = classes
    .filter(({ prefix }) => prefix !== '')
    .sort((one, two) => two.prefix.length - one.prefix.length);
  return (identity) => {
    if (isAddress(identity)) return ADDRESS;
    return longestFirst.find(({ prefix }) => identity.startsWith(prefix))?.name ?? UNKNOWN;
  };
}
