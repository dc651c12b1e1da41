import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHumanCheck } from '../../src/auth/human-check.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { HumanCheck } from '../../src/issue/ports.ts';
import { answerJson, type Handler, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

const UNAVAILABLE = { code: 'identity-provider-unavailable' };

let provider: LoopbackServer;
let check: HumanCheck;

beforeEach(async () => {
  provider = await startLoopbackServer((_request, response) => answerJson(response, { success: true }));
  check = createHumanCheck({
    verifyUrl: `${provider.url}/siteverify`,
    secret: 'the secret & more',
    siteKey: 'site-key',
    provider: 'turnstile',
    timeoutMs: 2_000,
  });
});

afterEach(() => provider.close());

test('the provider gets a form with the secret, the token and the address, and nothing else', async () => {
  let form = '';
  let headers: IncomingHttpHeaders = {};
  provider.handler = (request, response, body) => {
    headers = request.headers;
    form = body;
    answerJson(response, { success: true });
  };
  expect(await check.verify('a-token', '203.0.113.7')).toBe(true);
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8');
  expect(form).toBe('secret=the+secret+%26+more&response=a-token&remoteip=203.0.113.7');
  await check.verify('a-token', undefined);
  expect(form).toBe('secret=the+secret+%26+more&response=a-token');
});

describe('nobody passes', () => {
  test.each([
    [{ success: false }],
    [{ success: false, 'error-codes': ['timeout-or-duplicate'] }],
    [{ success: 'true' }],
    [{ success: 1 }],
    [{}],
  ])('on %j', async (answer) => {
    provider.handler = (_request, response) => answerJson(response, answer);
    expect(await check.verify('a-token', undefined)).toBe(false);
  });

  test.each(['', ' ', 'two words', 'line\nbreak', 'é', 'x'.repeat(4_097)])(
    'with the token %j, which the provider is not bothered with',
    async (token) => {
      expect(await check.verify(token, undefined)).toBe(false);
      expect(provider.requests).toEqual([]);
    },
  );

  test.each<[string, Handler]>([
    ['down', (request) => request.socket.destroy()],
    ['silent', () => {}],
    ['500', (_request, response) => answerJson(response, { success: true }, 500)],
    ['403', (_request, response) => answerJson(response, { success: true }, 403)],
    ['redirecting', (_request, response) => response.writeHead(307, { location: '/else' }).end()],
    ['huge', (_request, response) => answerJson(response, { success: true, pad: 'x'.repeat(70_000) })],
    ['garbage', (_request, response) => response.end('<html>')],
    ['a list', (_request, response) => answerJson(response, [{ success: true }])],
  ])('while the provider is %s: that is a failure', async (_name, handler) => {
    provider.handler = handler;
    const failure = check.verify('a-token', undefined);
    await expect(failure).rejects.toMatchObject(UNAVAILABLE);
    await expect(failure).rejects.not.toThrow('the secret');
    expect(provider.requests).toHaveLength(1);
  });
});

test('it is for guests, and tells the frontend what it needs', () => {
  const via = (by: Caller['via']) => check.required({ via: by } as Caller);
  expect([via('guest'), via('bearer'), via('session'), via('backend')]).toEqual([true, false, false, false]);
  expect(check.verifyDetails).toEqual({ provider: 'turnstile', siteKey: 'site-key' });
});
