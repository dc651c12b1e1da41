import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import type { Authenticator } from '../../src/issue/ports.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import {
  bearer,
  createSigner,
  issuerOptions,
  NOW_MS,
  NOW_SECONDS,
  refusedFor,
  type Signer,
  serveKeys,
  trusting,
} from './token-kit.ts';

const COOLDOWN_MS = 30_000;
const UNAVAILABLE = { code: 'identity-provider-unavailable' };
const WEAK = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }) as JWK;
const BROKEN: JWK = { kty: 'RSA', n: '!!', e: 'AQAB' };

let named: Signer;
let nameless: Signer;
let stranger: Signer;
let provider: LoopbackServer;
let authenticator: Authenticator;

beforeAll(async () => {
  named = await createSigner('key-1');
  nameless = await createSigner(undefined);
  stranger = await createSigner('key-1');
});

beforeEach(async () => {
  provider = await startLoopbackServer(() => {});
  authenticator = trusting(issuerOptions(provider.url));
});

afterEach(() => provider.close());

const ask = (token: string, nowMs = NOW_MS) => authenticator.authenticate(bearer(token), nowMs);

describe.each([
  ['too small', { ...WEAK }],
  ['broken', BROKEN],
])('a key that is %s', (_name, key) => {
  test('does not stand in the way of another one where none has an id', async () => {
    provider.handler = serveKeys([key, nameless.publicJwk]);
    expect(await ask(await nameless.sign(provider.url))).toMatchObject({ subject: 'ada' });
    expect(await ask(await nameless.sign(provider.url, { exp: NOW_SECONDS - 60 }))).toEqual(
      refusedFor('expired'),
    );
  });

  test('does not stand in the way of another one of the same id', async () => {
    provider.handler = serveKeys([{ ...key, kid: 'key-1' }, named.publicJwk]);
    expect(await ask(await named.sign(provider.url))).toMatchObject({ subject: 'ada' });
  });

  test('is a failure where no other key made the signature, whatever their order', async () => {
    for (const keys of [
      [{ ...key, kid: 'key-1' }, named.publicJwk],
      [named.publicJwk, { ...key, kid: 'key-1' }],
    ]) {
      authenticator = trusting(issuerOptions(provider.url));
      provider.handler = serveKeys(keys);
      await expect(ask(await stranger.sign(provider.url))).rejects.toMatchObject(UNAVAILABLE);
    }
  });

  test('is noticed when it was replaced under the same id', async () => {
    provider.handler = serveKeys([{ ...key, kid: 'key-1' }]);
    const token = await named.sign(provider.url);
    await expect(ask(token)).rejects.toMatchObject(UNAVAILABLE);
    provider.handler = serveKeys([named.publicJwk]);
    await expect(ask(token, NOW_MS + COOLDOWN_MS - 1)).rejects.toMatchObject(UNAVAILABLE);
    expect(await ask(token, NOW_MS + COOLDOWN_MS)).toMatchObject({ subject: 'ada' });
  });
});
