import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportSPKI, importJWK, SignJWT } from 'jose';
import type { Authenticator } from '../../src/issue/ports.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import {
  AUDIENCE,
  bearer,
  createSigner,
  encodePart,
  goodClaims,
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
let otherSigner: Signer;
let provider: LoopbackServer;
let otherProvider: LoopbackServer;
let attacker: LoopbackServer;
let authenticator: Authenticator;

beforeAll(async () => {
  signer = await createSigner('key-1');
  otherSigner = await createSigner('key-1');
  provider = await startKeyServer(signer);
  otherProvider = await startKeyServer(otherSigner);
  attacker = await startKeyServer(otherSigner);
  authenticator = trusting(issuerOptions(provider.url), issuerOptions(otherProvider.url));
});

afterAll(async () => {
  await Promise.all([provider.close(), otherProvider.close(), attacker.close()]);
});

async function ask(token: string) {
  return authenticator.authenticate(bearer(token), NOW_MS);
}

test('a good token says who is asking', async () => {
  const token = await signer.sign(provider.url, { role: 'agent', org: ' Acme ', name: 'Ada L.' });
  expect(await ask(token)).toEqual({
    issuer: provider.url,
    subject: 'ada',
    className: 'agent',
    tenant: 'Acme',
    display: 'Ada L.',
    via: 'bearer',
  });
});

test.each(['PS256', 'ES256', 'EdDSA'] as const)('%s is verified too', async (alg) => {
  const signs = await createSigner(undefined, alg);
  const issuer = await startKeyServer(signs);
  const one = trusting(issuerOptions(issuer.url, { algorithms: [alg] }));
  const answer = await one.authenticate(bearer(await signs.sign(issuer.url)), NOW_MS);
  expect(answer).toMatchObject({ subject: 'ada' });
  await issuer.close();
});

describe('claims', () => {
  test.each([
    ['another issuer', { iss: 'https://elsewhere.example' }, 'unknown-issuer'],
    ['an issuer that only looks alike', { iss: 'HTTP://127.0.0.1' }, 'unknown-issuer'],
    ['a list of issuers', { iss: ['a', 'b'] }, 'unknown-issuer'],
    ['no issuer', { iss: undefined }, 'unknown-issuer'],
    ['another audience', { aud: 'someone-else' }, 'audience'],
    ['other audiences', { aud: ['x', 'y'] }, 'audience'],
    ['no audience', { aud: undefined }, 'audience'],
    ['an end in the past', { exp: NOW_SECONDS - 6 }, 'expired'],
    ['no end', { exp: undefined }, 'claims'],
    ['an end that is text', { exp: '9999999999' }, 'claims'],
    ['a start in the future', { nbf: NOW_SECONDS + 6 }, 'not-yet-valid'],
    ['a start that is text', { nbf: 'soon' }, 'claims'],
    ['an issue date in the future', { iat: NOW_SECONDS + 6 }, 'issued-in-future'],
    ['an issue date far in the future', { iat: 9e15 }, 'issued-in-future'],
    ['an issue date that is text', { iat: 'now' }, 'claims'],
    ['no person', { sub: undefined }, 'claims'],
    ['an empty person', { sub: '' }, 'claims'],
    ['a blank person', { sub: '  ' }, 'claims'],
    ['a line break in the person', { sub: 'ada\nadmin' }, 'claims'],
    ['a zero byte in the person', { sub: 'ada\u0000' }, 'claims'],
    ['half a character in the person', { sub: 'ada\ud800' }, 'claims'],
    ['a person longer than 1024', { sub: 'a'.repeat(1025) }, 'claims'],
    ['a list of persons', { sub: ['ada'] }, 'claims'],
    ['an inexact number', { sub: 2 ** 53 }, 'claims'],
    ['a fraction', { sub: 1.5 }, 'claims'],
    ['a control character in the tenant', { org: 'a\u0007' }, 'claims'],
    ['a tenant longer than 128', { org: 'a'.repeat(129) }, 'claims'],
  ] as const)('%s is refused', async (_name, claims, reason) => {
    expect(await ask(await signer.sign(provider.url, claims))).toEqual(refusedFor(reason));
  });

  test.each([
    ['an end within the tolerance', { exp: NOW_SECONDS - 4 }],
    ['a start within the tolerance', { nbf: NOW_SECONDS + 5 }],
    ['no issue date', { iat: undefined }],
    ['one of several audiences', { aud: ['other', AUDIENCE] }],
  ])('%s is accepted', async (_name, claims) => {
    expect(await ask(await signer.sign(provider.url, claims))).toMatchObject({ subject: 'ada' });
  });

  test('a number names a person by its decimals', async () => {
    expect(await ask(await signer.sign(provider.url, { sub: 4711 }))).toMatchObject({ subject: '4711' });
  });
});

describe('signatures', () => {
  test("a token of one issuer under the other's key of the same id", async () => {
    expect(await ask(await otherSigner.sign(provider.url))).toEqual(refusedFor('bad-signature'));
    expect(await ask(await otherSigner.sign(otherProvider.url))).toMatchObject({ issuer: otherProvider.url });
  });

  test.each(['none', 'None', 'nOnE', 'RS512', 'HS512', '', 'dir'])('algorithm "%s"', async (alg) => {
    const unsigned = `${encodePart({ alg, kid: 'key-1' })}.${encodePart(goodClaims(provider.url))}.`;
    expect(await ask(unsigned)).toEqual(refusedFor('algorithm'));
  });

  test.each([undefined, 'key-1'])('HS256 with the public key as its secret, key id %s', async (kid) => {
    const pem = await exportSPKI((await importJWK(signer.publicJwk)) as CryptoKey);
    const signed = `${encodePart({ alg: 'HS256', kid })}.${encodePart(goodClaims(provider.url))}`;
    const token = `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
    expect(await ask(token)).toEqual(refusedFor('algorithm'));
    // Also where HS256 is meant to be accepted, only the secret counts.
    const mixed = trusting(
      issuerOptions(provider.url, { algorithms: ['RS256', 'HS256'], secret: 'x'.repeat(32) }),
    );
    expect(await mixed.authenticate(bearer(token), NOW_MS)).toEqual(refusedFor('bad-signature'));
    const published = await signer.sign(provider.url);
    expect(await mixed.authenticate(bearer(published), NOW_MS)).toMatchObject({ subject: 'ada' });
  });

  test('HS256 listed without a secret is refused; with it, accepted', async () => {
    const secret = 'a secret of more than thirty-two bytes';
    const token = await new SignJWT(goodClaims(provider.url))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(secret));
    const make = (value: string | null) =>
      trusting(issuerOptions(provider.url, { algorithms: ['HS256'], secret: value }));
    expect(await make(null).authenticate(bearer(token), NOW_MS)).toEqual(refusedFor('algorithm'));
    expect(await make('another').authenticate(bearer(token), NOW_MS)).toEqual(refusedFor('bad-signature'));
    const holder = make(secret);
    expect(await holder.authenticate(bearer(token), NOW_MS)).toMatchObject({ subject: 'ada' });
    expect(await holder.authenticate(bearer(`${token.slice(0, -6)}AAAAAA`), NOW_MS)).toEqual(
      refusedFor('bad-signature'),
    );
  });

  test.each(['../../etc/passwd', "' OR 1=1 --", '\u0000', '', 'http://127.0.0.1/key', '__proto__'])(
    'key id %j',
    async (kid) => {
      expect(await ask(await otherSigner.sign(provider.url, {}, { kid }))).toEqual(refusedFor('unknown-key'));
    },
  );

  test('keys and addresses of keys in the header are not looked at', async () => {
    const headers = [
      { jku: `${attacker.url}/jwks` },
      { x5u: `${attacker.url}/cert` },
      { jwk: otherSigner.publicJwk },
      { x5c: ['MIIB'] },
      { jku: `${attacker.url}/jwks`, jwk: otherSigner.publicJwk, kid: 'attacker' },
    ];
    for (const header of headers) {
      const token = await otherSigner.sign(provider.url, {}, header);
      expect(await ask(token)).toEqual(refusedFor('kid' in header ? 'unknown-key' : 'bad-signature'));
      expect(await ask(await signer.sign(provider.url, {}, { ...header, kid: 'key-1' }))).toMatchObject({
        subject: 'ada',
      });
    }
    expect(attacker.requests).toEqual([]);
  });

  test('a critical extension is not passed over', async () => {
    const signed = `${encodePart({ alg: 'RS256', kid: 'key-1', crit: ['exp'], exp: 1 })}.${encodePart(goodClaims(provider.url))}`;
    expect(await ask(`${signed}.AAAA`)).toEqual(refusedFor('malformed'));
    expect(await ask(await signer.sign(provider.url, {}, { crit: ['b64'], b64: true }))).toMatchObject({
      subject: 'ada',
    });
  });

  test('a key too short to be safe is the fault of the issuer', async () => {
    const weak = await startLoopbackServer(serveKeys([{ kty: 'RSA', kid: 'weak', n: 'AQAB', e: 'AQAB' }]));
    const one = trusting(issuerOptions(weak.url));
    const token = await signer.sign(weak.url, {}, { kid: 'weak' });
    await expect(one.authenticate(bearer(token), NOW_MS)).rejects.toMatchObject({
      code: 'identity-provider-unavailable',
    });
    await weak.close();
  });
});
