import { expect, test } from '@jest/globals';
import { createReadClaims } from '../../src/auth/read-claims.ts';

const NAMES = { person: 'sub', class: 'role', tenant: 'org', display: null };
const CLASSES = [{ name: 'member' }, { name: 'agent' }, { name: 'guest' }];
const OPTIONS: Parameters<typeof createReadClaims>[0] = {
  issuers: [{ issuer: 'https://login.example', claims: NAMES }],
  backends: [
    { name: 'shop', keySha256: '0'.repeat(64), issuer: 'https://login.example', classes: ['agent'] },
    { name: 'crm', keySha256: '1'.repeat(64), issuer: 'https://crm.example', classes: ['agent'] },
  ],
  session: {
    url: 'https://app.example/session',
    cookieName: 'sid',
    issuer: 'https://app.example',
    claims: { ...NAMES, person: 'user.id' },
    cacheSeconds: 30,
    timeoutMs: 3000,
  },
  classes: CLASSES,
  guestClass: 'guest',
};
const read = createReadClaims(OPTIONS);

test.each([
  ['https://login.example', { sub: 'ada', role: 'agent', org: 'acme' }, 'agent', 'acme', 'bearer'],
  ['https://app.example', { user: { id: 'ada' } }, 'member', null, 'session'],
  ['https://crm.example', { sub: 'ada', role: 'member', org: 'acme' }, 'agent', null, 'backend'],
  ['mau-guard:guest:default', { sub: 'ada' }, 'guest', null, 'guest'],
])('the claims of %s name a person on its terms', (issuer, claims, className, tenant, via) => {
  expect(read(issuer, claims)).toEqual({ issuer, subject: 'ada', className, tenant, via, display: null });
});

test('an issuer whose word nobody takes names nobody', () => {
  for (const issuer of ['https://login.example/', 'HTTPS://login.example', 'constructor', '']) {
    expect(read(issuer, { sub: 'ada' })).toMatchObject({ code: 'unauthenticated', reason: 'unknown-issuer' });
  }
});

test('claims that name nobody are refused as a login with them would be', () => {
  expect(read('https://login.example', {})).toMatchObject({ code: 'unauthenticated', reason: 'claims' });
});

test('there are no guests where they are denied', () => {
  const denying = createReadClaims({ ...OPTIONS, guestClass: null });
  expect(denying('mau-guard:guest:default', { sub: 'ada' })).toMatchObject({ reason: 'unknown-issuer' });
});
