import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ReachTls } from '../../src/doctor/ports.ts';
import { createWebhookSignatures } from '../../src/twilio/webhook-signatures.ts';
import { startJwksIssuer } from '../support/jwks-issuer.ts';
import { startOperatorProvider } from '../support/operator-provider.ts';
import { examine, gatewayEnv } from './doctor-kit.ts';

const AUTH_TOKEN = 'b'.repeat(32);
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A gateway, or what stands in its place; resolves with its URL. */
async function serving(
  answer: (
    request: IncomingMessage,
    url: string,
  ) => Promise<[status: number, headers?: Record<string, string>, body?: string]>,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const [status, headers, body] = await answer(request, url);
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return url;
}

const look = (PUBLIC_URL: string | undefined, env = {}) =>
  examine(gatewayEnv({ ...(PUBLIC_URL === undefined ? {} : { PUBLIC_URL }), ...env }));

describe('PUBLIC_URL', () => {
  test('that answers, and takes an event signed as Twilio signs', async () => {
    const signatures = createWebhookSignatures([AUTH_TOKEN]);
    const taken: Record<string, string>[] = [];
    const url = await serving(async (request, own) => {
      if (request.url === '/livez') return [200];
      const form = Object.fromEntries(new URLSearchParams(await text(request)));
      taken.push(form);
      const signature = String(request.headers['x-twilio-signature']);
      return [(await signatures.verify(signature, `${own}${request.url}`, form)) ? 200 : 403];
    });
    const { of } = await look(url, { TWILIO_AUTH_TOKEN: AUTH_TOKEN });
    expect(of('public-url').status).toBe('ok');
    expect(of('webhook-signature').status).toBe('ok');
    // Names nobody, and no event that the gateway knows.
    expect(taken).toEqual([
      { EventType: 'onDoctorLooked', AccountSid: expect.anything(), ChatServiceSid: expect.anything() },
    ]);
    const other = await look(url, { TWILIO_AUTH_TOKEN: 'c'.repeat(32) });
    expect(other.of('webhook-signature')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('403'),
    });
    expect(other.text).not.toContain('c'.repeat(32));
  });

  test.each([
    [302, 'redirects (302)'],
    [502, 'answers 502'],
  ])('that answers %d', async (status, detail) => {
    const url = await serving(async () => [status, { location: 'https://elsewhere.example.com/' }]);
    const { of } = await look(url, { TWILIO_AUTH_TOKEN: AUTH_TOKEN });
    expect(of('public-url')).toMatchObject({ status: 'error', detail: expect.stringContaining(detail) });
    expect(of('webhook-signature')).toMatchObject({ status: 'error' });
  });

  test('that is not there, not https or not set', async () => {
    expect((await look('http://127.0.0.1:1')).of('public-url')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('does not answer'),
    });
    expect((await look('http://chat.example.com')).of('public-url').detail).toContain('not https');
    const { of } = await look(undefined);
    expect(of('public-url')).toMatchObject({ status: 'warn', detail: 'not set' });
    expect(of('webhook-signature').status).toBe('skip');
  });
});

describe('the issuer of logins', () => {
  test.each([
    ['well', 'ok', '1 key'],
    ['empty', 'error', 'no keys'],
    ['error', 'error', 'status 500'],
    ['redirects', 'error', 'status 302'],
    ['garbage', 'error', 'JSON'],
    ['huge', 'error', 'larger than'],
    ['cut', 'error', ''],
    ['hangs', 'error', ''],
  ] as const)('that answers %s', async (behaviour, status, detail) => {
    const issuer = await startJwksIssuer();
    issuer.behaviour = behaviour;
    // An empty key set is told apart from a discovery document that is none only where it is asked for by itself.
    const keys = behaviour === 'empty' ? { AUTH_JWKS_URL: `${issuer.url}/jwks` } : {};
    const { of } = await look(undefined, { AUTH_ISSUER: issuer.url, ...keys });
    await issuer.stop();
    expect(of('issuer')).toMatchObject({
      status,
      about: issuer.url,
      detail: expect.stringContaining(detail),
    });
  });

  test('that is written with another ending', async () => {
    const issuer = await startJwksIssuer();
    const { of } = await look(undefined, { AUTH_ISSUER: `${issuer.url}/` });
    await issuer.stop();
    expect(of('issuer')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('another issuer'),
      fix: expect.stringContaining('slash'),
    });
  });

  // Never asked before it stops: a kept connection that closes while it is used again ends in other words.
  test('that is down', async () => {
    const issuer = await startJwksIssuer();
    await issuer.stop();
    const { of } = await look(undefined, { AUTH_ISSUER: issuer.url });
    expect(of('issuer')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe("Twilio's socket", () => {
  const reaching = (reachTls: ReachTls, env = {}, options = {}) =>
    examine(gatewayEnv(env), { reachTls, ...options });

  test('is shaken hands with in the region of the service, and left alone when offline', async () => {
    const reached: string[] = [];
    const reachTls = async (host: string, port: number) => void reached.push(`${host}:${port}`);
    const { of } = await reaching(reachTls, { TWILIO_REGION: 'ie1' });
    expect(of('twilsock')).toMatchObject({ status: 'ok', about: null });
    expect((await reaching(reachTls)).of('twilsock').detail).toBe('tsock.us1.twilio.com answers with TLS');
    expect(reached).toEqual(['tsock.ie1.twilio.com:443', 'tsock.us1.twilio.com:443']);
    const offline = await reaching(reachTls, {}, { offline: true });
    expect(offline.of('twilsock')).toMatchObject({ status: 'skip', detail: 'offline' });
    expect(reached).toHaveLength(2);
  });

  test('that cannot be reached is a warning: people connect there, not this machine', async () => {
    const { of } = await reaching(async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    });
    expect(of('twilsock')).toMatchObject({
      status: 'warn',
      detail: 'tsock.us1.twilio.com is not reached from this machine: ENOTFOUND',
      why: expect.stringContaining('never connect'),
      fix: expect.stringContaining('wss://*.twilio.com'),
    });
  });
});

describe('the redirect URI of operators', () => {
  const yaml = 'ops: { oidc: { roles: { viewer: [v], finance: [f], admin: [a] } } }';
  const signIn = (issuer: string, more = {}) =>
    examine(
      gatewayEnv({
        ...{ OPS_OIDC_ISSUER: issuer, OPS_OIDC_CLIENT_ID: 'dashboard', PUBLIC_URL: 'http://127.0.0.1:1' },
        ...more,
      }),
      { yaml },
    );

  test('is asked of a real provider, which knows it or does not', async () => {
    const provider = await startOperatorProvider();
    try {
      const known = await signIn(provider.url);
      expect(known.of('redirect-uri')).toMatchObject({
        status: 'ok',
        detail: 'the provider leads back to http://127.0.0.1:1/ops/login/callback',
      });
      const other = await signIn(provider.url, { PUBLIC_URL: 'http://127.0.0.1:1/chat' });
      expect(other.of('redirect-uri')).toMatchObject({
        status: 'error',
        detail: 'the provider refuses the sign-in (400)',
        fix: expect.stringContaining('http://127.0.0.1:1/chat/ops/login/callback'),
      });
      const unset = await signIn(provider.url, { PUBLIC_URL: '' });
      expect(unset.of('redirect-uri')).toMatchObject({ status: 'warn', detail: 'PUBLIC_URL is not set' });
      const nobody = await signIn(provider.url, { OPS_OIDC_CLIENT_ID: 'nobody' });
      expect(nobody.of('redirect-uri').status).toBe('error');
    } finally {
      await provider.stop();
    }
  });

  test.each([
    [302, '/login', 'warn', 'answers 302 in place of'],
    [
      302,
      'http://127.0.0.1:1/ops/login/callback?error=invalid_scope',
      'error',
      'leads back with invalid_scope',
    ],
    [
      302,
      'http://127.0.0.1:1/ops/login/callback?error=%3Cb%3E',
      'error',
      'something else than an error code',
    ],
    [302, 'http://127.0.0.1:1/ops/login/callback?error=login_required', 'ok', 'leads back to'],
    [302, 'http://127.0.0.1:1.evil.example/ops/login/callback?error=login_required', 'warn', 'in place of'],
    [200, null, 'warn', 'answers 200 in place of'],
    [403, null, 'error', 'refuses the sign-in (403)'],
    [503, null, 'skip', 'answers 503'],
  ] as const)('of a provider that answers %i %s', async (status, location, found, words) => {
    const asked: URL[] = [];
    const issuer = await serving(async (request, own) => {
      const url = new URL(request.url ?? '', own);
      if (url.pathname !== '/authorize') return [200, { 'content-type': 'application/json' }, discovery(own)];
      asked.push(url);
      return [status, location === null ? {} : { location }];
    });
    const { of } = await signIn(issuer);
    expect(of('redirect-uri')).toMatchObject({ status: found, detail: expect.stringContaining(words) });
    const [first] = asked;
    expect(Object.fromEntries(first?.searchParams ?? [])).toMatchObject({
      ...{ prompt: 'none', response_type: 'code', code_challenge_method: 'S256', client_id: 'dashboard' },
      redirect_uri: 'http://127.0.0.1:1/ops/login/callback',
    });
  });

  test('is not asked for where there is no provider, offline, or when it is down', async () => {
    const { checks } = await look('http://127.0.0.1:1');
    expect(checks.map(({ id }) => id)).not.toContain('redirect-uri');
    expect((await signIn('http://127.0.0.1:1')).of('redirect-uri').status).toBe('skip');
  });
});

function discovery(issuer: string): string {
  return JSON.stringify({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
  });
}
