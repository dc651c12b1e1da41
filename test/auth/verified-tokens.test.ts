import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createVerifiedTokens } from '../../src/auth/verified-tokens.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { Authenticator } from '../../src/issue/ports.ts';
import type { LoopbackServer } from './loopback-server.ts';
import {
  authenticatorOptions,
  bearer,
  createSigner,
  issuerOptions,
  NOW_MS,
  NOW_SECONDS,
  refusedFor,
  type Signer,
  serveKeys,
  startKeyServer,
  trusting,
} from './token-kit.ts';

let signer: Signer;
let provider: LoopbackServer;
let authenticator: Authenticator;

beforeAll(async () => {
  signer = await createSigner('key');
});

beforeEach(async () => {
  provider = await startKeyServer(signer);
  authenticator = trusting(issuerOptions(provider.url));
});

afterEach(() => provider.close());

const ask = (token: string, nowMs = NOW_MS) => authenticator.authenticate(bearer(token), nowMs);

describe('a remembered token', () => {
  test('is answered at once, with the very same frozen caller', async () => {
    const token = await signer.sign(provider.url);
    const pending = ask(token);
    expect(pending).toBeInstanceOf(Promise);
    const caller = await pending;
    expect(Object.isFrozen(caller)).toBe(true);
    expect(ask(token)).toBe(caller);
    // Read from the network anew, so not the same string in memory.
    expect(ask(Buffer.from(token).toString('latin1'))).toBe(caller);
  });

  test('dies at its end, though a tolerance is left', async () => {
    const token = await signer.sign(provider.url, { exp: NOW_SECONDS + 60 });
    await ask(token);
    expect(ask(token, NOW_MS + 59_999)).toMatchObject({ subject: 'ada' });
    const atEnd = ask(token, NOW_MS + 60_000);
    expect(atEnd).toBeInstanceOf(Promise);
    expect(await atEnd).toMatchObject({ subject: 'ada' });
    expect(ask(token, NOW_MS + 60_001)).toBeInstanceOf(Promise);
    expect(await ask(token, NOW_MS + 66_000)).toEqual(refusedFor('expired'));
  });

  test('is verified anew after five minutes', async () => {
    const token = await signer.sign(provider.url);
    await ask(token);
    expect(ask(token, NOW_MS + 299_999)).not.toBeInstanceOf(Promise);
    expect(ask(token, NOW_MS + 300_000)).toBeInstanceOf(Promise);
  });

  test('is forgotten when the keys of its issuer change, and only then', async () => {
    const other = await startKeyServer(signer);
    authenticator = trusting(issuerOptions(provider.url), issuerOptions(other.url));
    const stranger = await createSigner('stranger');
    const [token, elsewhere] = [await signer.sign(provider.url), await signer.sign(other.url)];
    await Promise.all([ask(token), ask(elsewhere)]);
    // A fetch that brings the same keys changes nothing.
    await ask(await stranger.sign(provider.url), NOW_MS + 31_000);
    expect(provider.requests).toHaveLength(2);
    expect(ask(token, NOW_MS + 32_000)).not.toBeInstanceOf(Promise);
    // One that brings others does.
    const replacement = await createSigner('next');
    provider.handler = serveKeys([replacement.publicJwk]);
    await ask(await stranger.sign(provider.url), NOW_MS + 62_000);
    expect(await ask(token, NOW_MS + 62_001)).toEqual(refusedFor('unknown-key'));
    expect(ask(elsewhere, NOW_MS + 62_001)).toMatchObject({ issuer: other.url });
    // What is verified under the new keys is remembered as before.
    const renewed = await replacement.sign(provider.url);
    await ask(renewed, NOW_MS + 62_002);
    expect(ask(renewed, NOW_MS + 62_003)).not.toBeInstanceOf(Promise);
    await other.close();
  });

  test('a refused token is not remembered', async () => {
    const token = await signer.sign(provider.url, { nbf: NOW_SECONDS + 60 });
    expect(await ask(token)).toEqual(refusedFor('not-yet-valid'));
    expect(await ask(token, NOW_MS + 60_000)).toMatchObject({ subject: 'ada' });
  });

  test('tokens with the same first hundred characters do not meet', async () => {
    const long = { aud_note: 'x'.repeat(200) };
    const tokens = await Promise.all(
      ['ada', 'bob'].map((sub) => signer.sign(provider.url, { ...long, sub }, { note: 'y'.repeat(200) })),
    );
    expect(tokens[0]?.slice(0, 100)).toBe(tokens[1]?.slice(0, 100));
    for (const round of [1, 2]) {
      const answers = await Promise.all(tokens.map((token) => ask(token)));
      expect({ round, subjects: answers.map((each) => (each as Caller).subject) }).toEqual({
        round,
        subjects: ['ada', 'bob'],
      });
    }
    const forged = `${tokens[0]?.slice(0, -10)}AAAAAAAAAA`;
    expect(await ask(forged)).toEqual(refusedFor('bad-signature'));
  });

  test('the least recently used makes room', async () => {
    authenticator = createAuthenticator(
      authenticatorOptions({ issuers: [issuerOptions(provider.url)], limits: { verifiedTokens: 2 } }),
    );
    const tokens = await Promise.all(['a', 'b', 'c'].map((sub) => signer.sign(provider.url, { sub })));
    for (const token of tokens) await ask(token);
    expect(tokens.map((token) => ask(token) instanceof Promise)).toEqual([true, false, false]);
  });
});

test('the entry is bound to the generation that it was verified under', () => {
  const keys = { generation: 3 };
  const caller = { subject: 'ada' } as Caller;
  const tokens = createVerifiedTokens(10);
  tokens.remember('token', { caller, checkedAtMs: 10, expiresAtMs: 100, keys, generation: 3 });
  tokens.remember('late', { caller, checkedAtMs: 10, expiresAtMs: 100, keys, generation: 2 });
  expect(tokens.find('token', 99)).toBe(caller);
  expect(tokens.find('late', 99)).toBeUndefined();
  expect(tokens.find('token', 100)).toBeUndefined();
  keys.generation = 4;
  expect(tokens.find('token', 99)).toBeUndefined();
});
