import { afterEach, describe, expect, test } from '@jest/globals';
import { expectProblem } from './expect-problem.ts';
import { COOKIE_NAME, cookieOf, type GuestGateway, openGuestGateway, YAML } from './guest-gateway.ts';

let open: GuestGateway;

afterEach(() => open.gateway.server.drain());

const FOREIGN = [
  'https://elsewhere.example',
  'http://gateway.example',
  'https://gateway.example.evil',
  'null',
];

describe('POST /v1/guests, 403', () => {
  test.each(FOREIGN)('forbidden: a cookie is neither used nor given for a page of %s', async (origin) => {
    open = await openGuestGateway();
    const cookie = cookieOf(await open.post('/v1/guests')) as string;
    for (const call of [
      open.post('/v1/guests'),
      open.post('/v1/guests').set('Cookie', cookie),
      open.post('/v1/guests', { want: 'credential' }).set('Cookie', cookie),
    ]) {
      const response = await call.set('Origin', origin);
      expectProblem(response, 'forbidden');
      expect(response.headers).not.toHaveProperty('set-cookie');
    }
  });

  test('forbidden: a cookie without an Origin, as no browser sends it', async () => {
    open = await openGuestGateway();
    const cookie = cookieOf(await open.post('/v1/guests')) as string;
    const withoutOrigin = await open.post('/v1/guests').unset('Origin').set('Cookie', cookie);
    expectProblem(withoutOrigin, 'forbidden');
    expect(withoutOrigin.body.detail).toContain('CORS_ORIGINS');
  });

  test('a configured origin may use the cookie', async () => {
    open = await openGuestGateway({ env: { CORS_ORIGINS: 'https://app.example' } });
    const response = await open.post('/v1/guests').set('Origin', 'https://app.example');
    expect(response.status).toBe(200);
    expect(response.headers['access-control-allow-credentials']).toBe('true');
    expect(cookieOf(response)).not.toBeNull();
  });

  test('guests-not-allowed: where the policy denies guests, nobody becomes one, good credentials or not', async () => {
    open = await openGuestGateway();
    const { credential } = (await open.post('/v1/guests', { want: 'credential' })).body;
    await open.gateway.server.drain();

    open = await openGuestGateway({ yaml: YAML.replace('per-browser', 'deny') });
    for (const call of [
      open.post('/v1/guests'),
      open.post('/v1/guests', { credential, want: 'credential' }),
      open.post('/v1/guests').set('Cookie', `${COOKIE_NAME}=${credential}`),
      open.post('/v1/tokens', { intent: 'open_chat' }).set('Authorization', `Guest ${credential}`),
    ]) {
      const response = await call;
      expectProblem(response, 'guests-not-allowed');
      expect(response.headers).not.toHaveProperty('set-cookie');
    }
  });
});

describe('on loopback', () => {
  const local = { env: { PUBLIC_URL: undefined, HOST: '127.0.0.1' } };

  test.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'localhost'])(
    'a page at %s is the gateway’s own, and the cookie has the plain name',
    async (host) => {
      open = await openGuestGateway(local);
      const response = await open.post('/v1/guests').set('Host', host).set('Origin', `http://${host}`);
      expect(response.status).toBe(200);
      expect(response.headers['set-cookie']?.[0]).toMatch(/^mg_guest=[\w.-]+; .*HttpOnly; SameSite=Lax$/);
      expect(response.headers['set-cookie']?.[0]).not.toContain('Secure');
    },
  );

  test.each([
    ['rebound.example:3000', 'http://rebound.example:3000'],
    ['localhost:3000', 'http://localhost:5173'],
    ['localhost:3000', 'http://127.0.0.1:3000'],
    ['localhost:3000', 'https://localhost:3000'],
    ['localhost.evil.example', 'http://localhost.evil.example'],
  ])('with the host %s, a page at %s is not', async (host, origin) => {
    open = await openGuestGateway(local);
    const response = await open.post('/v1/guests').set('Host', host).set('Origin', origin);
    expect([response.status, response.body.code]).toEqual([403, 'forbidden']);
  });

  test.each<[string, Record<string, string | undefined>]>([
    ['a gateway with a public URL', {}],
    ['a gateway that others reach', { PUBLIC_URL: undefined, HOST: '0.0.0.0' }],
    [
      'a gateway in production',
      { PUBLIC_URL: undefined, NODE_ENV: 'production', LEDGER: 'embedded', HOST: '127.0.0.1' },
    ],
  ])('%s believes no Host header', async (_name, env) => {
    open = await openGuestGateway({ env });
    const call = open.post('/v1/guests').set('Host', 'localhost:3000').set('Origin', 'http://localhost:3000');
    expect((await call).status).toBe(403);
  });
});
