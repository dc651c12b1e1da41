import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { IssuerOptions } from '../../src/auth/options.ts';
import type { Authenticator } from '../../src/issue/ports.ts';
import { answerJson, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import {
  AUDIENCE,
  bearer,
  encodePart,
  issuerOptions,
  NOW_MS,
  NOW_SECONDS,
  refusedFor,
  trusting,
} from './token-kit.ts';

const ISSUER = 'https://login.example';
const SECOND_ISSUER = 'https://second.example';
const ACTIVE = { active: true, sub: 'ada', aud: AUDIENCE, role: 'agent', exp: NOW_SECONDS + 900 };
const UNAVAILABLE = { code: 'identity-provider-unavailable' };

let first: LoopbackServer;
let second: LoopbackServer;
let authenticator: Authenticator;
let answer: unknown;

const silent = () => {};
const issuer = (name: string, server: LoopbackServer, changes: Partial<IssuerOptions> = {}): IssuerOptions =>
  issuerOptions(name, {
    ...changes,
    introspection: { url: `${server.url}/introspect`, clientId: 'chat:gate way', clientSecret: 'p%ss/wörd+' },
  });

beforeEach(async () => {
  answer = ACTIVE;
  first = await startLoopbackServer((_request, response) => answerJson(response, answer));
  second = await startLoopbackServer((_request, response) => answerJson(response, { active: false }));
  authenticator = trusting(issuerOptions('https://jwt-only.example'), issuer(ISSUER, first));
});

afterEach(async () => {
  await Promise.all([first.close(), second.close()]);
});

const ask = (nowMs = NOW_MS, token = 'opaque~token+1/2==') =>
  authenticator.authenticate(bearer(token), nowMs);

test('an active token says who is asking', async () => {
  let seen: unknown;
  first.handler = (request, response, body) => {
    const { method, url, headers } = request;
    seen = { method, url, body, type: headers['content-type'], authorization: headers.authorization };
    answerJson(response, ACTIVE);
  };
  expect(await ask()).toEqual({
    issuer: ISSUER,
    subject: 'ada',
    className: 'agent',
    tenant: null,
    display: null,
    via: 'bearer',
  });
  // RFC 6749 section 2.3.1: each part form-encoded, then joined.
  const basic = Buffer.from('chat%3Agate+way:p%25ss%2Fw%C3%B6rd%2B').toString('base64');
  expect(seen).toEqual({
    method: 'POST',
    url: '/introspect',
    body: 'token=opaque%7Etoken%2B1%2F2%3D%3D&token_type_hint=access_token',
    type: 'application/x-www-form-urlencoded;charset=UTF-8',
    authorization: `Basic ${basic}`,
  });
});

test.each([
  ['inactive', { active: false }, 'inactive'],
  ['active in words', { ...ACTIVE, active: 'true' }, 'inactive'],
  ['active as a number', { ...ACTIVE, active: 1 }, 'inactive'],
  ['without a verdict', { ...ACTIVE, active: undefined }, 'inactive'],
  ['of another issuer', { ...ACTIVE, iss: 'https://other.example' }, 'unknown-issuer'],
  ['of an issuer with a slash too many', { ...ACTIVE, iss: `${ISSUER}/` }, 'unknown-issuer'],
  ['inactive, of another issuer', { active: false, iss: 'https://other.example' }, 'inactive'],
  ['for another audience', { ...ACTIVE, aud: 'other' }, 'audience'],
  ['without an audience', { ...ACTIVE, aud: undefined }, 'audience'],
  ['without an audience, of another client', { ...ACTIVE, aud: undefined, client_id: 'other' }, 'audience'],
  ['expired', { ...ACTIVE, exp: NOW_SECONDS - 6 }, 'expired'],
  ['with an end that is text', { ...ACTIVE, exp: 'never' }, 'claims'],
  ['not yet valid', { ...ACTIVE, nbf: NOW_SECONDS + 60 }, 'not-yet-valid'],
  ['without a person', { ...ACTIVE, sub: undefined }, 'claims'],
] as const)('a token %s is refused', async (_name, given, reason) => {
  answer = given;
  expect(await ask()).toEqual(refusedFor(reason));
});

test.each([
  ['of this issuer', { ...ACTIVE, iss: ISSUER }],
  ['for several audiences', { ...ACTIVE, aud: ['other', AUDIENCE] }],
  ['given to our own client', { ...ACTIVE, aud: 'account', client_id: AUDIENCE }],
  ['without an audience, given to our own client', { ...ACTIVE, aud: undefined, client_id: AUDIENCE }],
  ['without an end', { ...ACTIVE, exp: undefined }],
])('a token %s is accepted', async (_name, given) => {
  answer = given;
  expect(await ask()).toMatchObject({ subject: 'ada' });
});

test('the answer holds for thirty seconds, but not past the end', async () => {
  const caller = await ask();
  expect(ask(NOW_MS + 29_999)).toBe(caller);
  expect(first.requests).toHaveLength(1);
  answer = { ...ACTIVE, exp: NOW_SECONDS + 40 };
  expect(await ask(NOW_MS + 30_000)).toEqual(caller);
  expect(first.requests).toHaveLength(2);
  expect(ask(NOW_MS + 39_999)).not.toBeInstanceOf(Promise);
  answer = { active: false };
  expect(await ask(NOW_MS + 40_000)).toEqual(refusedFor('inactive'));
});

test('a refusal holds for five seconds', async () => {
  answer = { active: false };
  await ask();
  answer = ACTIVE;
  expect(await ask(NOW_MS + 4999)).toEqual(refusedFor('inactive'));
  expect(first.requests).toHaveLength(1);
  expect(await ask(NOW_MS + 5000)).toMatchObject({ subject: 'ada' });
});

test('nothing from before the clock was set back holds', async () => {
  answer = { active: false };
  await ask();
  answer = ACTIVE;
  expect(await ask(NOW_MS - 3_600_000)).toMatchObject({ subject: 'ada' });
  answer = { active: false };
  expect(await ask(NOW_MS - 7_200_000)).toEqual(refusedFor('inactive'));
});

test('a hundred at once with one token ask once', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask()));
  for (const each of answers) expect(each).toMatchObject({ subject: 'ada' });
  expect(first.requests).toHaveLength(1);
});

test('what is not a bearer token is not passed on', async () => {
  expect(await ask(NOW_MS, 'white space')).toEqual(refusedFor('malformed'));
  expect(await ask(NOW_MS, 'o=paque')).toEqual(refusedFor('malformed'));
  expect(await ask(NOW_MS, 'öpaque')).toEqual(refusedFor('malformed'));
  expect(await ask(NOW_MS, 'a'.repeat(8193))).toEqual(refusedFor('malformed'));
  expect(first.requests).toEqual([]);
});

const HEADER = encodePart({ alg: 'RS256', kid: 'k' });

test.each([
  ['unsigned', `${encodePart({ alg: 'none' })}.${encodePart({ iss: ISSUER })}.`, 'algorithm'],
  ['of an issuer that is not known', `${HEADER}.${encodePart({ iss: 'x' })}.AAAA`, 'unknown-issuer'],
  ['with broken claims', `${HEADER}.claims.AAAA`, 'malformed'],
  ['with a key id that is no text', `${encodePart({ alg: 'RS256', kid: 7 })}.e30.AAAA`, 'malformed'],
  ['with padding', `${HEADER}.${encodePart({ iss: ISSUER })}.AA==`, 'malformed'],
  ['in the other alphabet', `${HEADER}.${encodePart({ iss: ISSUER })}.AA+/`, 'malformed'],
  ['without claims', HEADER, 'malformed'],
  ['without a signature', `${HEADER}.${encodePart({ iss: ISSUER })}`, 'malformed'],
  ['of four parts', `${HEADER}.e30.AAAA.AAAA`, 'malformed'],
] as const)('what begins like a JWT is never passed on: one %s', async (_name, token, reason) => {
  expect(await ask(NOW_MS, token)).toEqual(refusedFor(reason));
  expect(first.requests).toEqual([]);
});

test.each([
  ['three parts', 'a.b.c'],
  ['a version', 'v2.local.abc'],
  ['a number first', `${encodePart('7')}.e30.AAAA`],
  ['a list first', `${encodePart([])}.e30.AAAA`],
  ['an algorithm that is no text', `${encodePart({ alg: 7 })}.e30.AAAA`],
  ['five parts, encrypted', `${encodePart({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`],
])('an opaque token of %s is passed on', async (_name, token) => {
  expect(await ask(NOW_MS, token)).toMatchObject({ subject: 'ada' });
});

test.each([
  ['down', (request: { socket: { destroy(): void } }) => request.socket.destroy()],
  ['silent', silent],
  ['refusing us', (_request: unknown, response: never) => answerJson(response, { active: true }, 401)],
  [
    'huge',
    (_request: unknown, response: never) => answerJson(response, { ...ACTIVE, pad: 'x'.repeat(70_000) }),
  ],
  ['garbage', (_request: unknown, response: { end(text: string): void }) => response.end('no')],
  ['a list', (_request: unknown, response: never) => answerJson(response, [ACTIVE])],
])('an endpoint that is %s is a failure, and is asked again', async (_name, broken) => {
  first.handler = broken as LoopbackServer['handler'];
  if (broken === silent) authenticator = trusting(issuer(ISSUER, first, { timeoutMs: 500 }));
  await expect(ask()).rejects.toMatchObject(UNAVAILABLE);
  first.handler = (_request, response) => answerJson(response, ACTIVE);
  expect(await ask()).toMatchObject({ subject: 'ada' });
});

test('issuers are asked in order until one says active', async () => {
  authenticator = trusting(issuer(SECOND_ISSUER, second), issuer(ISSUER, first));
  expect(await ask()).toMatchObject({ issuer: ISSUER });
  expect([second.requests.length, first.requests.length]).toEqual([1, 1]);
  // One that is away neither hides the word of the other, nor may it be taken for a "no".
  second.handler = (request) => request.socket.destroy();
  expect(await ask(NOW_MS, 'another')).toMatchObject({ issuer: ISSUER });
  answer = { active: false };
  await expect(ask(NOW_MS, 'third')).rejects.toMatchObject(UNAVAILABLE);
});

test('an endpoint of several issuers speaks for the one that it names', async () => {
  authenticator = trusting(issuer(SECOND_ISSUER, first), issuer(ISSUER, first));
  answer = { ...ACTIVE, iss: ISSUER };
  expect(await ask()).toMatchObject({ issuer: ISSUER });
  // An active token of somebody else says more than that another endpoint does not know it.
  authenticator = trusting(issuer(SECOND_ISSUER, first), issuer(ISSUER, second));
  expect(await ask()).toEqual(refusedFor('unknown-issuer'));
});
