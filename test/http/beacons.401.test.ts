import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type BeaconGateway,
  grantsOf,
  NOW_SECONDS,
  openBeaconGateway,
  PREVIOUS_KEY,
  SHOP_KEY,
  SHOP_SERVICE,
  SIGNING_KEY,
  type TokenChanges,
  twilioToken,
} from './beacon-kit.ts';
import { expectProblem } from './expect-problem.ts';

const MINUTE_MS = 60_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PUBLIC_PEM = publicKey.export({ type: 'spki', format: 'pem' }) as string;

let open: BeaconGateway;

beforeEach(async () => {
  open = await openBeaconGateway();
});

afterEach(() => open.gateway.server.drain());

async function expectRefused(token: string): Promise<void> {
  for (const state of ['connected', 'disconnected', 'failed']) {
    const response = await open.beacon({ token, state });
    expectProblem(response, 'unauthenticated');
    expect(response.headers['www-authenticate']).toBe('Bearer realm="mau-guard"');
    if (token.length > 2) expect(response.text).not.toContain(token);
  }
  expect(await open.writes()).toBe(0);
  expect(await open.people()).toEqual([]);
}

/** The parts of a good token, put together anew. */
function withParts(change: (parts: string[]) => string[]): string {
  return change(twilioToken().split('.')).join('.');
}

function withHeader(header: object): string {
  return Buffer.from(JSON.stringify({ typ: 'JWT', cty: 'twilio-fpa;v=1', ...header })).toString('base64url');
}

function signedByRsa(): string {
  const signed = `${withHeader({ alg: 'RS256' })}.${twilioToken().split('.')[1]}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

describe('POST /v1/beacons, 401', () => {
  test.each<[string, string]>([
    ['is no token', 'x'],
    ['has empty parts', '..'],
    ['has alg none and no signature', withParts(([, body = '']) => [withHeader({ alg: 'none' }), body, ''])],
    [
      'has alg none and a signature',
      withParts(([, body = '', end = '']) => [withHeader({ alg: 'None' }), body, end]),
    ],
    ['has no signature', withParts(([head = '', body = '']) => [head, body, ''])],
    ['has half a signature', twilioToken().slice(0, -20)],
    ['has more parts', `${twilioToken()}.${'x'.repeat(10)}`],
    ['was changed by a character', withParts(([head = '', body = '', end = '']) => [head, `${body}A`, end])],
    ['is signed by an RSA key', signedByRsa()],
    [
      'names an embedded key',
      twilioToken({ header: { jwk: { kty: 'oct', k: 'eA' } }, key: { ...SIGNING_KEY, secret: 'x' } }),
    ],
    ['has a critical extension', twilioToken({ header: { crit: ['exp'], exp: 1 } })],
    ['has a body that is not encoded', twilioToken({ header: { b64: false, crit: ['b64'] } })],
  ])('for a token that %s', (_name, token) => expectRefused(token));

  test.each<[string, TokenChanges]>([
    ['names another algorithm', { header: { alg: 'HS512' } }],
    [
      'is signed with another secret',
      { key: { ...SIGNING_KEY, secret: 'another-secret-of-somebody-else-1' } },
    ],
    ['is signed with an empty secret', { key: { ...SIGNING_KEY, secret: '' } }],
    ['is signed with a public key', { key: { ...SIGNING_KEY, secret: PUBLIC_PEM } }],
    [
      'is signed with the identity secret',
      { key: { ...SIGNING_KEY, secret: 'identity-secret-of-the-tests-0001' } },
    ],
    ['names an unknown key', { key: { sid: `SK${'9'.repeat(32)}`, secret: SIGNING_KEY.secret } }],
    ['names a key that is no text', { claims: { iss: [SIGNING_KEY.sid] } }],
    ['names __proto__ as its key', { claims: { iss: '__proto__' } }],
    ['names the key of another service', { claims: { iss: SHOP_KEY.sid } }],
    ['is for a service whose key signed it not', { claims: grantsOf('m_ada', SHOP_SERVICE) }],
    ['is signed by the key of another service', { key: SHOP_KEY }],
    ['is for a service that nobody configured', { claims: grantsOf('m_ada', `IS${'8'.repeat(32)}`) }],
    ['is of a foreign account', { claims: { sub: `AC${'9'.repeat(32)}` } }],
    ['is of no account', { claims: { sub: undefined } }],
    ['has no grants', { claims: { grants: undefined } }],
    ['has no chat grant', { claims: { grants: { identity: 'm_ada' } } }],
    ['has an empty chat grant', { claims: { grants: { identity: 'm_ada', chat: {} } } }],
    ['has a video grant only', { claims: { grants: { identity: 'm_ada', video: { room: 'x' } } } }],
    ['names nobody', { claims: { grants: { chat: grantsOf('').grants.chat } } }],
    ['names somebody with an empty name', { claims: grantsOf('') }],
    ['names somebody with a line end', { claims: grantsOf('ada lovelace\n') }],
    ['names somebody who can be no identity', { claims: grantsOf('x'.repeat(257)) }],
    ['names a User SID', { claims: grantsOf(`US${'a'.repeat(32)}`) }],
    ['is of another kind', { header: { cty: 'twilio-fpa;v=2' } }],
    ['is of no kind', { header: { cty: undefined } }],
    ['has another type', { header: { typ: 'at+jwt' } }],
    ['expired 11 minutes ago', { claims: { iat: NOW_SECONDS - 4260, exp: NOW_SECONDS - 660 } }],
    ['was issued in an hour', { claims: { iat: NOW_SECONDS + 3600, exp: NOW_SECONDS + 7200 } }],
    ['is not valid yet', { claims: { nbf: NOW_SECONDS + 300 } }],
    ['lives for years', { claims: { exp: NOW_SECONDS + 1e9 } }],
    ['lives longer than any date', { claims: { exp: 1e300 } }],
    ['ended before it began', { claims: { iat: NOW_SECONDS + 10, exp: NOW_SECONDS + 10 } }],
    ['never ends', { claims: { exp: undefined } }],
    ['never began', { claims: { iat: undefined } }],
    ['has times that are texts', { claims: { iat: String(NOW_SECONDS) } }],
  ])('for a token that %s', (_name, changes) => expectRefused(twilioToken(changes)));

  test('at 10 minutes past its end it is still good, a millisecond later no more, remembered or not', async () => {
    const body = { token: twilioToken(), state: 'connected' };
    open.clock.set((NOW_SECONDS + 3600) * 1000 + 10 * MINUTE_MS);
    expect((await open.beacon(body)).status).toBe(204);
    open.clock.advance(1);
    expectProblem(await open.beacon(body), 'unauthenticated');
    const other = twilioToken({ claims: grantsOf('m_grace') });
    expectProblem(await open.beacon({ ...body, token: other }), 'unauthenticated');
  });

  test('the previous key is no longer good once it is gone', async () => {
    await open.gateway.server.drain();
    open = await openBeaconGateway({
      env: { TWILIO_PREVIOUS_API_KEY_SID: undefined, TWILIO_PREVIOUS_API_KEY_SECRET: undefined },
    });
    await expectRefused(twilioToken({ key: PREVIOUS_KEY }));
  });

  test('is counted, the expired apart', async () => {
    await open.beacon({ token: 'x', state: 'failed' });
    const claims = { iat: NOW_SECONDS - 7200, exp: NOW_SECONDS - 3600 };
    await open.beacon({ token: twilioToken({ claims }), state: 'connected' });
    expect(await open.metric('mauguard_beacons_total{state="failed",outcome="unauthenticated"}')).toBe(1);
    expect(await open.metric('mauguard_beacons_total{state="connected",outcome="expired"}')).toBe(1);
  });
});
