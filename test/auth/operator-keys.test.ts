import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createOperatorAuthenticator } from '../../src/auth/operator-keys.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');

const authenticate = createOperatorAuthenticator([
  { name: 'olga', role: 'admin', sha256: sha256('olga-key') },
  { name: 'finn', role: 'finance', sha256: sha256('finn-key').toUpperCase() },
]);

test('a key says who operates, and with which role', () => {
  expect(authenticate('Bearer olga-key')).toEqual({ name: 'olga', role: 'admin' });
  expect(authenticate('bearer  finn-key')).toEqual({ name: 'finn', role: 'finance' });
});

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'olga-key',
  'Basic olga-key',
  'Guest olga-key',
  'Bearerolga-key',
  'Bearer olga-key, Bearer finn-key',
  `Bearer ${sha256('olga-key')}`,
])('%j is nobody', (authorization) => {
  expect(authenticate(authorization)).toBeNull();
});

test('without keys everyone is nobody, also with an empty key', () => {
  expect(createOperatorAuthenticator([])('Bearer olga-key')).toBeNull();
  const empty = createOperatorAuthenticator([{ name: 'x', role: 'admin', sha256: sha256('') }]);
  expect(empty('Bearer ')).toBeNull();
});
