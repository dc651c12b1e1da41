import { afterEach, describe, expect, it } from '@jest/globals';
import { type ChatGateOptions, createChatGate, TokenSource } from '../../src/client/index.ts';
import { buildFakeToken, type FakeClient } from '../../src/client/testing/index.ts';
import { createKit, HOUR_MS, type Kit, NOW_MS } from './kit.ts';

let kit: Kit | undefined;
afterEach(() => {
  kit?.clock.uninstall();
  kit = undefined;
});

function useSource(fetch: Parameters<typeof TokenSource.custom>[0]): { kit: Kit; asked: () => number } {
  let asked = 0;
  const tokenSource = TokenSource.custom((context) => {
    asked += 1;
    return fetch(context);
  });
  kit = createKit({ tokenSource });
  return { kit, asked: () => asked };
}

describe('a gate without a token source', () => {
  it.each([
    ['nothing', {}],
    ['undefined', { tokenSource: undefined }],
    ['an empty text', { tokenSource: '' }],
    ['a function', { tokenSource: async () => 'a token' }],
  ])('is not made: %s', (_, options) => {
    const made = () => createChatGate(options as unknown as ChatGateOptions<FakeClient>);
    expect(made).toThrow(new TypeError('tokenSource: a URL or a TokenSource'));
  });

  it.each([
    ['a URL', new URL('https://chat.example/v1/tokens')],
    ['an object with fetch', { fetch: async () => ({ token: '', identity: '', expiresAt: 0 }) }],
  ])('is made with %s', (_, tokenSource) => {
    expect(createChatGate({ tokenSource }).getSnapshot().phase).toBe('idle');
  });
});

describe('a mistake in a source of one’s own', () => {
  const mistakes: [string, () => unknown][] = [
    // What this engine says, and what those of Firefox and Safari do.
    ['reading of undefined', () => (undefined as unknown as { token: string }).token],
    ['no such function', () => (Object() as { load(): void }).load()],
    ['nothing to spread', () => [...(3 as unknown as string[])]],
    ['no such name', () => Reflect.apply(new Function('return loadd()') as () => void, null, [])],
    ['Firefox', () => Promise.reject(new TypeError('can\'t access property "token", body is null'))],
    ['Safari', () => Promise.reject(new TypeError("undefined is not an object (evaluating 'body.token')"))],
  ];

  it.each(mistakes)('is told at once, with the error: %s', async (_, mistake) => {
    const { kit, asked } = useSource(async () => (await mistake()) as string);
    const error = await kit.failure();
    expect(error).toMatchObject({ code: 'source_failed', retryable: true });
    expect(error.cause).toMatchObject({ name: expect.stringMatching(/^(TypeError|ReferenceError)$/) });
    expect([asked(), kit.clock.now()]).toEqual([1, NOW_MS]);
  });

  it('costs nobody the connection that is there, and is mended by the next token', async () => {
    let fails = false;
    const { kit, asked } = useSource(async () => {
      if (fails) throw new TypeError("Cannot read properties of undefined (reading 'token')");
      return buildFakeToken(`m_1`, Date.now() + HOUR_MS);
    });
    await kit.connect();
    fails = true;
    await kit.clock.advance(0.85 * HOUR_MS);
    expect([kit.gate.getSnapshot().phase, asked()]).toEqual(['ready', 2]);
    fails = false;
    await kit.clock.advance(0.1 * HOUR_MS);
    expect([kit.gate.getSnapshot().phase, asked()]).toEqual(['ready', 3]);
    expect(kit.sdk.clients).toHaveLength(1);
  });

  it.each([
    ...['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed', 'fetch failed'],
    'Network request failed',
  ])('is not what a network says: %s', async (message) => {
    const { kit, asked } = useSource(() => Promise.reject(new TypeError(message)));
    expect(await kit.failure()).toMatchObject({ code: 'gateway_unreachable', cause: { message } });
    expect(asked()).toBeGreaterThan(3);
  });

  it.each([
    ['an error of a library', new Error('Request failed with status code 503')],
    ['a page in place of JSON', new SyntaxError('Unexpected token \'<\', "<!doctype" is not valid JSON')],
    ['no error at all', 'undefined'],
  ])('nor %s', async (_, thrown) => {
    const { kit, asked } = useSource(() => Promise.reject(thrown));
    expect(await kit.failure()).toMatchObject({ code: 'gateway_unreachable', cause: thrown });
    expect(asked()).toBeGreaterThan(3);
  });
});

it('a mistake in what gives the login is told at once, and no request was made', async () => {
  const headers = () => ({ Authorization: (undefined as unknown as { login: string }).login });
  kit = createKit({ tokenSource: TokenSource.endpoint('http://127.0.0.1:9/v1/tokens', { headers }) });
  expect(await kit.failure()).toMatchObject({ code: 'source_failed', cause: expect.any(TypeError) });
  expect(kit.clock.now()).toBe(NOW_MS);
});
