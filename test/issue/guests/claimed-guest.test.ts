import { expect, test } from '@jest/globals';
import { createGuestCredentials } from '../../../src/auth/guest-credentials.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { createIdentityResolver } from '../../../src/issue/resolve-identity.ts';

const credentials = createGuestCredentials({
  secrets: { current: 'cookie-secret', previous: null },
  className: 'guest',
  rememberedMax: 10,
});
const { id, credential } = credentials.issue(null, 'default', 0);
const guest = credentials.open(credential, 'default', 0);
if (typeof guest === 'string') throw new Error(guest);

/** A login whose user may choose the name that the app knows them by. */
const eve: Caller = { ...guest.caller, issuer: 'https://login.example', className: 'member', via: 'bearer' };

const resolver = (strategy: 'opaque' | 'claim', foldCase = false) =>
  createIdentityResolver({
    strategy,
    foldCase,
    secret: 'identity-secret-of-the-tests-0001',
    prefixes: { guest: 'g_', member: 'm_' },
    rememberedMax: 10,
  });

test('with claimed identities nobody can log in under the name of a guest', () => {
  const resolve = resolver('claim', true);
  expect(resolve(guest.caller)).toMatchObject({ outcome: 'resolved', identity: id });
  for (const subject of [id, id.toUpperCase(), ` ${id}`]) {
    expect(resolve({ ...eve, subject })).toMatchObject({ code: 'unauthenticated', reason: 'identity' });
  }
});

test('with opaque identities the name means nothing', () => {
  const resolve = resolver('opaque');
  const [own, other] = [resolve(guest.caller), resolve(eve)];
  if (own.outcome === 'refused' || other.outcome === 'refused') throw new Error('refused');
  expect(own.identity).toMatch(/^g_[\w-]{22}$/);
  expect(other.identity).toMatch(/^m_[\w-]{22}$/);
  expect(own.identity.slice(2)).not.toBe(other.identity.slice(2));
});
