import { createIdentityResolver } from '../product.js';
import { subjectOf } from './logins.js';

/** Identity settings that every gateway of the benchmark gets. */
export const IDENTITY = {
  strategy: 'opaque',
  secret: 'an identity secret for benchmarks only, long enough',
  foldCase: false,
};

export const CLASS = { name: 'member', prefix: 'm_' };

/**
 * The identities that the gateway will find for people, computed by the gateway's own code.
 *
 * @param {string} issuer whose logins they hold
 * @param {number} people
 * @returns {{ identity: string, spread: number }[]}
 */
export function resolvePeople(issuer, people) {
  const resolve = createIdentityResolver({
    ...IDENTITY,
    prefixes: { [CLASS.name]: CLASS.prefix },
    rememberedMax: 1,
  });
  return Array.from({ length: people }, (_, person) => {
    const resolved = resolve({
      ...{ issuer, subject: subjectOf(person), className: CLASS.name },
      ...{ tenant: null, display: null, via: 'bearer' },
    });
    if (resolved.outcome !== 'resolved') throw new Error(`person ${person} has no identity`);
    return { identity: resolved.identity, spread: resolved.spread };
  });
}
