import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createWebhookSignatures } from '../../src/twilio/webhook-signatures.ts';
import { startJwksIssuer } from '../support/jwks-issuer.ts';
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
  ) => Promise<[status: number, headers?: Record<string, string>]>,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const [status, headers] = await answer(request, url);
    response.writeHead(status, headers).end();
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

  test('that is down, or is written with another ending', async () => {
    const issuer = await startJwksIssuer();
    const slash = await look(undefined, { AUTH_ISSUER: `${issuer.url}/` });
    expect(slash.of('issuer')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('another issuer'),
      fix: expect.stringContaining('slash'),
    });
    await issuer.stop();
    const down = await look(undefined, { AUTH_ISSUER: issuer.url });
    expect(down.of('issuer')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
