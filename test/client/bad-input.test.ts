import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readGrant } from '../../src/client/grant.ts';
import { type ChatGateError, type EndpointOptions, TokenSource } from '../../src/client/index.ts';
import { buildFakeToken } from '../../src/client/testing/index.ts';
import { closeListeners, listenOn } from '../http/listen-on.ts';

// What may stand at the address that an app was told is the gateway's.

afterEach(closeListeners);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const context = () => ({
  reason: 'connect' as const,
  intent: 'open_chat',
  tabState: 'focused' as const,
  signal: new AbortController().signal,
});

/** The error that a token source has at this server, as one attempt. */
async function failureAt(answer: Answer, options: EndpointOptions = {}): Promise<ChatGateError> {
  const { port } = await listenOn(answer);
  try {
    const given = await TokenSource.endpoint(`http://127.0.0.1:${port}/v1/tokens`, options).fetch(context());
    readGrant(given);
  } catch (error) {
    return error as ChatGateError;
  }
  throw new Error('it did give a token');
}

const says =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const problem = (code: string, more: object = {}) => ({
  code,
  type: `https://chat.example/problems/${code}`,
  ...more,
});

const GOOD = {
  token: buildFakeToken('m_1', Date.now() + 3_600_000),
  identity: 'm_1',
  expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
};

describe('what is no gateway', () => {
  it.each([
    ['a page that is not there', says(404, '<h1>Not found</h1>')],
    ['an app that answers every address with itself', says(200, '<!doctype html><title>App</title>')],
    ['a firewall', says(403, '<h1>Forbidden</h1>')],
    ['nothing at all', says(200, '')],
    ['an answer without a body', says(204, '')],
    ['a service of another kind', says(404, { message: 'no route' })],
  ])('%s is told as that, and not asked again', async (_, answer) => {
    expect(await failureAt(answer)).toMatchObject({
      code: 'not_a_gateway',
      retryable: false,
      docs: 'mau-guard/docs/client.md#not_a_gateway',
    });
  });

  it.each([
    ['no token', { identity: 'm_1' }],
    ['no identity', { ...GOOD, identity: undefined }],
    ['no end', { ...GOOD, expiresAt: 'soon' }],
    ['a token that has ended', { ...GOOD, expiresAt: '2020-01-01T00:00:00Z' }],
    ['a list', [1, 2, 3]],
    ['a number', 42],
    ['null', null],
    ['a text', '"token"'],
  ])('JSON with %s is no token', async (_, body) => {
    expect(await failureAt(says(200, body))).toMatchObject({ code: 'token_invalid', retryable: false });
  });

  it('nobody there is unreachable, which may pass', async () => {
    const { port } = await listenOn(() => {});
    await closeListeners();
    const failed = TokenSource.endpoint(`http://127.0.0.1:${port}/v1/tokens`).fetch(context());
    await expect(failed).rejects.toMatchObject({ code: 'gateway_unreachable', retryable: true });
  });

  it.each([
    ['that says nothing', () => {}],
    [
      'that stops in the middle',
      (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200).write('{"token":');
      },
    ],
  ])('one %s keeps nobody waiting', async (_, answer) => {
    expect(await failureAt(answer, { timeoutMs: 100 })).toMatchObject({
      code: 'gateway_unreachable',
      retryable: true,
    });
  });
});

describe('what the gateway says', () => {
  it.each([
    [400, problem('invalid-request'), { code: 'refused', retryable: false }],
    [401, problem('unauthenticated'), { code: 'unauthenticated', retryable: false }],
    [403, problem('identity-blocked'), { code: 'refused', retryable: false }],
    [
      403,
      problem('human-check-required', { verify: { siteKey: 'x' } }),
      { code: 'refused', retryable: false },
    ],
    [404, problem('not-found'), { code: 'refused', retryable: false }],
    [429, problem('rate-limited', { retryable: true }), { code: 'rate_limited', retryable: true }],
    [500, problem('internal', { retryable: false }), { code: 'gateway_unreachable', retryable: false }],
    [
      503,
      problem('ledger-unavailable', { retryable: true }),
      { code: 'gateway_unreachable', retryable: true },
    ],
    [502, '<h1>Bad gateway</h1>', { code: 'gateway_unreachable', retryable: true }],
  ])('%i %j', async (status, body, expected) => {
    const error = await failureAt(says(status, body));
    expect(error).toMatchObject({ ...expected, status });
    if (typeof body === 'object') expect(error).toMatchObject({ problem: body, docs: body.type });
  });

  it('a budget says when it starts anew', async () => {
    const body = problem('mau-budget-exhausted', { resetsAt: '2026-12-01T00:00:00Z' });
    expect(await failureAt(says(403, body))).toMatchObject({
      code: 'budget_exhausted',
      retryAt: Date.UTC(2026, 11, 1),
      problem: body,
    });
  });

  it('Retry-After is heeded', async () => {
    const error = await failureAt(says(503, problem('ledger-unavailable'), { 'Retry-After': '7' }));
    expect((error.retryAt as number) - Date.now()).toBeGreaterThan(5_000);
    expect((error.retryAt as number) - Date.now()).toBeLessThanOrEqual(7_000);
  });

  it('a page’s address that is a script is not handed on', async () => {
    const error = await failureAt(says(403, { code: 'x', type: 'javascript:alert(1)' }));
    expect(error.docs).toBe('mau-guard/docs/client.md#refused');
  });

  it('no error names a token, a login or a person', async () => {
    const headers = { Authorization: 'Bearer a-secret-login' };
    const error = await failureAt(says(200, { ...GOOD, expiresAt: 0 }), { headers });
    expect(JSON.stringify([error.message, error])).not.toMatch(/a-secret-login|m_1|eyJ/);
  });
});

describe('a request', () => {
  it('is JSON with the intent, the tab, and what the app adds, under the app’s login', async () => {
    const seen: unknown[] = [];
    const { port } = await listenOn((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const { method, headers } = request;
        seen.push([method, headers['content-type'], headers.authorization, JSON.parse(text)]);
        response.end(JSON.stringify(GOOD));
      });
    });
    const source = TokenSource.endpoint(`http://127.0.0.1:${port}/v1/tokens`, {
      headers: async () => ({ Authorization: 'Bearer login' }),
      service: 'shop',
      body: () => ({ device: 'kiosk 7' }),
    });
    expect(await source.fetch(context())).toEqual(GOOD);
    const body = { intent: 'open_chat', tabState: 'focused', service: 'shop', device: 'kiosk 7' };
    expect(seen).toEqual([['POST', 'application/json', 'Bearer login', body]]);
  });

  it('asks once more when the login could be mended, and not a third time', async () => {
    let requests = 0;
    let mended = 0;
    const error = await failureAt(
      (_, response) => {
        requests += 1;
        says(401, problem('unauthenticated'))(_, response);
      },
      {
        async onUnauthorized() {
          mended += 1;
          return true;
        },
      },
    );
    expect(error).toMatchObject({ code: 'unauthenticated' });
    expect([requests, mended]).toEqual([2, 1]);
  });
});

describe('sources of other kinds', () => {
  const later = Date.now() + 3_600_000;

  it('a token alone says whom it is for, and until when', async () => {
    const token = buildFakeToken('müller', later);
    expect(await TokenSource.custom(async () => token).fetch(context())).toEqual({
      ...{ token, identity: 'müller' },
      expiresAt: Math.floor(later / 1000) * 1000,
    });
  });

  it.each(['', 'x', 'a.b.c', `a.${btoa('{}')}.c`, `a.${btoa('null')}.c`])('%j is no token', async (token) => {
    const failed = TokenSource.literal(token).fetch(context());
    await expect(failed).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('by a clock that is an hour ahead a token has ended when it comes, and that is said', async () => {
    const token = buildFakeToken('m_1', Date.now() - 1_000);
    const given = await TokenSource.literal(token).fetch(context());
    expect(() => readGrant(given)).toThrow(expect.objectContaining({ code: 'token_invalid' }));
    expect(readGrant({ ...given, serverTime: Date.now() - 3_600_000 }).skewMs).toBeLessThan(-3_599_000);
  });

  it('a literal cannot be renewed', async () => {
    const source = TokenSource.literal(buildFakeToken('m_1', later));
    const renewed = source.fetch({ ...context(), reason: 'refresh' });
    await expect(renewed).rejects.toMatchObject({ code: 'cannot_renew', retryable: false });
  });
});
