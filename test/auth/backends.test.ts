import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createBackendReader } from '../../src/auth/backends.ts';
import { closeListeners, listenOn } from '../http/listen-on.ts';
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

describe('a subject that Node’s fetch sends', () => {
  afterEach(closeListeners);

  /** What comes of the header's value behind a real connection. */
  async function send(value: string): Promise<unknown> {
    let read: unknown;
    const { port } = await listenOn((request, response) => {
      read = readBackend('crm-key', request.headers['x-subject'] as string);
      response.end();
    });
    await fetch(`http://127.0.0.1:${port}`, { headers: { 'x-subject': value } });
    return read;
  }

  test.each(['ada', 'Jörg', 'Łukasz', '日本', 'a 😀'])(
    'as bytes of UTF-8 is the person: %s',
    async (subject) => {
      expect(await send(Buffer.from(subject).toString('latin1'))).toMatchObject({ subject });
    },
  );

  test('as it stands is nobody, and is told why', async () => {
    const detail = 'X-Subject must be the bytes of UTF-8.';
    expect(await send('Jörg')).toMatchObject({ code: 'unauthenticated', detail });
  });
});

test('a digest that is none is a fault of the configuration', () => {
  const backend = { name: 'x', keySha256: 'abc', issuer: 'i', classes: [] };
  expect(() => createBackendReader([backend], CLASSES)).toThrow(TypeError);
});
