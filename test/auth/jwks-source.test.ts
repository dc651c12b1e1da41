import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import type { IssuerOptions } from '../../src/auth/options.ts';
import type { Authenticator } from '../../src/issue/ports.ts';
import { untilYes } from '../support/ask-redis.ts';
import { timeAwake } from '../support/time-awake.ts';
import { answerJson, type Handler, type LoopbackServer } from './loopback-server.ts';
import {
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

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Of an issuer that says nothing, or never ends; whoever answers has longer, on a busy machine too. */
const SILENT_MS = 1_000;
/** Less than that, so that it tells waiting from not waiting. */
const PROMPT_MS = 800;
const UNAVAILABLE = { code: 'identity-provider-unavailable' };

let first: Signer;
let second: Signer;
let provider: LoopbackServer;
let authenticator: Authenticator;
let serial = 0;

beforeAll(async () => {
  first = await createSigner('first');
  second = await createSigner('second');
});

beforeEach(async () => {
  provider = await startKeyServer(first);
  authenticator = create();
});

afterEach(() => provider.close());

function create(handler?: Handler, ...others: IssuerOptions[]) {
  const deadline = isEndless(handler) ? { timeoutMs: SILENT_MS } : {};
  return trusting(issuerOptions(provider.url, deadline), ...others);
}

/** Asks with a token never seen before, so that no remembered one answers. */
async function ask(signer: Signer, nowMs: number, header: Record<string, unknown> = {}) {
  const token = await signer.sign(provider.url, { exp: NOW_SECONDS + 200_000, jti: serial++ }, header);
  return authenticator.authenticate(bearer(token), nowMs);
}

/** Until a refresh in the background is over, also one that ends by its deadline. */
function settled() {
  return sleep(isEndless(provider.handler) ? SILENT_MS + 100 : 60);
}

/** Asks with a key that is known still, and need not wait for whoever says whether it holds. */
async function expectPrompt(answer: () => Promise<unknown>) {
  const { awakeMs } = await timeAwake(answer);
  expect(awakeMs).toBeLessThan(PROMPT_MS);
}

const KNOWN = expect.objectContaining({ subject: 'ada' });

function isEndless(handler: Handler | undefined): boolean {
  return handler === silent || handler === trickle;
}

function silent() {}

function trickle(request: IncomingMessage, response: ServerResponse) {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 20);
  request.socket.on('close', () => clearInterval(timer));
}

const BROKEN: [string, Handler][] = [
  ['down', (request) => request.socket.destroy()],
  ['answering 500', (_request, response) => answerJson(response, {}, 500)],
  ['silent', silent],
  ['endlessly slow', trickle],
  [
    'huge',
    (_request, response) =>
      response.end(JSON.stringify({ keys: [first.publicJwk], pad: 'x'.repeat(70_000) })),
  ],
  ['garbage', (_request, response) => response.end('<html>')],
  ['not UTF-8', (_request, response) => response.end(Buffer.from('{"keys":[],"a":"\xff"}', 'latin1'))],
  ['a list', (_request, response) => answerJson(response, [first.publicJwk])],
  ['without keys', (_request, response) => answerJson(response, { key: [] })],
  ['with keys that are text', (_request, response) => answerJson(response, { keys: ['a'] })],
  ['with 101 keys', (_request, response) => answerJson(response, { keys: Array(101).fill({ kty: 'RSA' }) })],
];

describe.each(BROKEN)('a key set that is %s', (_name, broken) => {
  test('is a failure for those whose key is unknown', async () => {
    authenticator = create(broken);
    provider.handler = broken;
    await expect(ask(first, NOW_MS)).rejects.toMatchObject(UNAVAILABLE);
    // Fails fast in the cooldown, and recovers after it.
    const before = provider.requests.length;
    await expectPrompt(() => expect(ask(first, NOW_MS + 1999)).rejects.toMatchObject(UNAVAILABLE));
    expect(provider.requests).toHaveLength(before);
    provider.handler = serveKeys([first.publicJwk]);
    expect(await ask(first, NOW_MS + 2000)).toEqual(KNOWN);
    expect(await ask(second, NOW_MS + 2001)).toEqual(refusedFor('unknown-key'));
  });

  test('does not disturb those whose key is known, nor other issuers', async () => {
    const other = await startKeyServer(second);
    authenticator = create(broken, issuerOptions(other.url));
    expect(await ask(first, NOW_MS)).toEqual(KNOWN);
    provider.handler = broken;
    for (const laterMs of [9 * MINUTE_MS, 11 * MINUTE_MS, 59 * MINUTE_MS, 2 * HOUR_MS, 23 * HOUR_MS]) {
      await expectPrompt(() => expect(ask(first, NOW_MS + laterMs)).resolves.toEqual(KNOWN));
      await settled();
    }
    await expect(ask(second, NOW_MS + 23 * HOUR_MS)).rejects.toMatchObject(UNAVAILABLE);
    const elsewhere = await second.sign(other.url, { exp: NOW_SECONDS + 200_000 });
    expect(await authenticator.authenticate(bearer(elsewhere), NOW_MS + 23 * HOUR_MS)).toEqual(KNOWN);
    await other.close();
    await expect(ask(first, NOW_MS + 24 * HOUR_MS)).rejects.toMatchObject(UNAVAILABLE);
  });
});

test('redirects are not followed', async () => {
  const attacker = await startKeyServer(first);
  provider.handler = (_request, response) =>
    response.writeHead(302, { location: `${attacker.url}/jwks` }).end();
  await expect(ask(first, NOW_MS)).rejects.toMatchObject(UNAVAILABLE);
  expect(attacker.requests).toEqual([]);
  await attacker.close();
});

test('a new key is found without a restart, and a withdrawn one is no longer accepted', async () => {
  expect(await ask(first, NOW_MS)).toEqual(KNOWN);
  provider.handler = serveKeys([first.publicJwk, second.publicJwk]);
  expect(await ask(second, NOW_MS + 29_999)).toEqual(refusedFor('unknown-key'));
  expect(await ask(second, NOW_MS + 30_000)).toEqual(KNOWN);
  provider.handler = serveKeys([second.publicJwk]);
  // The refresh happens behind the back of the one who causes it.
  expect(await ask(first, NOW_MS + 11 * MINUTE_MS)).toEqual(KNOWN);
  const later = NOW_MS + 11 * MINUTE_MS + 1;
  await untilYes('it is withdrawn', async () => 'code' in (await ask(first, later)));
  expect(await ask(first, later)).toEqual(refusedFor('unknown-key'));
  expect(provider.requests).toHaveLength(3);
});

test('after an idle hour a withdrawn key is not accepted even once', async () => {
  expect(await ask(first, NOW_MS)).toEqual(KNOWN);
  provider.handler = serveKeys([second.publicJwk]);
  expect(await ask(first, NOW_MS + HOUR_MS)).toEqual(refusedFor('unknown-key'));
});

test('a key changed under the same id is found', async () => {
  const replacement = await createSigner('first');
  expect(await ask(first, NOW_MS)).toEqual(KNOWN);
  provider.handler = serveKeys([replacement.publicJwk]);
  expect(await ask(replacement, NOW_MS + 29_999)).toEqual(refusedFor('bad-signature'));
  expect(await ask(replacement, NOW_MS + 30_000)).toEqual(KNOWN);
  expect(await ask(first, NOW_MS + 30_001)).toEqual(refusedFor('bad-signature'));
});

test('a token that names no key is tried with the keys there are', async () => {
  provider.handler = serveKeys([first.publicJwk, second.publicJwk]);
  expect(await ask(second, NOW_MS, { kid: undefined })).toEqual(KNOWN);
  const stranger = await createSigner('stranger');
  expect(await ask(stranger, NOW_MS, { kid: undefined })).toEqual(refusedFor('bad-signature'));
});

test('private and symmetric keys in the set are not used', async () => {
  const oct: JWK = { kty: 'oct', kid: 'shared', k: encodePart('secret'), alg: 'HS256' };
  provider.handler = serveKeys([oct]);
  expect(await ask(first, NOW_MS, { kid: 'shared' })).toEqual(refusedFor('unknown-key'));
});

test('a flood of made-up key ids causes one fetch per cooldown', async () => {
  const tokens = Array.from({ length: 1000 }, (_, index) => {
    const header = encodePart({ alg: 'RS256', kid: `made-up-${index}` });
    return `${header}.${encodePart(goodClaims(provider.url))}.AAAA`;
  });
  const flood = (nowMs: number) =>
    Promise.all(tokens.map((token) => authenticator.authenticate(bearer(token), nowMs)));
  for (const answer of await flood(NOW_MS)) expect(answer).toEqual(refusedFor('unknown-key'));
  expect(provider.requests).toHaveLength(1);
  await flood(NOW_MS + 29_000);
  expect(provider.requests).toHaveLength(1);
  await flood(NOW_MS + 31_000);
  expect(provider.requests).toHaveLength(2);
  // A clock that jumps back an hour neither blocks nor multiplies fetches.
  await flood(NOW_MS - HOUR_MS);
  expect(provider.requests).toHaveLength(3);
});

test('a hundred at once share one fetch', async () => {
  provider.handler = serveKeys([first.publicJwk], 50);
  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(first, NOW_MS + index)));
  for (const answer of answers) expect(answer).toEqual(KNOWN);
  expect(provider.requests).toHaveLength(1);
  // Also those who come while an answer is long overdue.
  provider.handler = serveKeys([second.publicJwk], 50);
  await Promise.all([ask(second, NOW_MS + 31_000), ask(second, NOW_MS + 62_000)]);
  expect(provider.requests).toHaveLength(2);
  // The same for a key that appears later.
  provider.handler = serveKeys([first.publicJwk], 50);
  const later = await Promise.all(
    Array.from({ length: 100 }, (_, index) => ask(first, NOW_MS + 150_000 - index)),
  );
  for (const answer of later) expect(answer).toEqual(KNOWN);
  expect(provider.requests).toHaveLength(3);
});
