import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createBackendReader } from '../../src/auth/backends.ts';
import { CLASSES, refusedFor } from './token-kit.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');

const readBackend = createBackendReader(
  [
    {
      name: 'crm',
      keySha256: sha256('crm-key'),
      issuer: 'https://login.example',
      classes: ['agent', 'member'],
    },
    { name: 'shop', keySha256: sha256('shop-key'), issuer: 'https://shop.example', classes: [] },
  ],
  CLASSES,
);

test('a key says which issuer and class it speaks for', () => {
  expect(readBackend('crm-key', 'ada')).toEqual({
    issuer: 'https://login.example',
    subject: 'ada',
    className: 'agent',
    tenant: null,
    display: null,
    via: 'backend',
  });
  expect(readBackend('shop-key', 'ada')).toMatchObject({
    issuer: 'https://shop.example',
    className: 'member',
  });
});

test.each(['', 'crm-key ', 'CRM-KEY', sha256('crm-key'), 'crm-key, crm-key', 'x'.repeat(100_000)])(
  'the key %j is unknown',
  (key) => {
    expect(readBackend(key, 'ada')).toEqual(refusedFor('unknown-backend'));
  },
);

test('an unknown key is refused before its subject is looked at', () => {
  expect(readBackend('wrong', undefined)).toEqual(refusedFor('unknown-backend'));
});

test.each([
  [undefined, 'missing'],
  ['', 'claims'],
  ['  ', 'claims'],
  ['ada\tlovelace', 'claims'],
  ['ada\u0085', 'claims'],
  ['a'.repeat(1025), 'claims'],
  ['J\u00f6rg in Latin-1', 'claims'],
  ['\u0142 beyond a header', 'claims'],
] as const)('the subject %j is refused', (subject, reason) => {
  expect(readBackend('crm-key', subject)).toEqual(refusedFor(reason));
});

test('a subject in UTF-8 is the one that the person has in a token', () => {
  const raw = Buffer.from('Jörg 日本').toString('latin1');
  expect(readBackend('crm-key', raw)).toMatchObject({ subject: 'Jörg 日本' });
});

test('a digest that is none is a fault of the configuration', () => {
  const backend = { name: 'x', keySha256: 'abc', issuer: 'i', classes: [] };
  expect(() => createBackendReader([backend], CLASSES)).toThrow(TypeError);
});
