import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import type { SessionOptions } from '../../src/auth/options.ts';
import type { Authenticator } from '../../src/issue/ports.ts';
import { answerJson, type Handler, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { authenticatorOptions, NO_CREDENTIALS, NOW_MS, refusedFor } from './token-kit.ts';

const silent: Handler = () => {};
const UNAVAILABLE = { code: 'identity-provider-unavailable' };
const SIGNED_IN = { user: { id: 'ada', team: 'acme' }, role: 'agent' };

let app: LoopbackServer;
let authenticator: Authenticator;

beforeEach(async () => {
  app = await startLoopbackServer((_request, response) => answerJson(response, SIGNED_IN));
  authenticator = create();
});

afterEach(() => app.close());

function create(changes: Partial<SessionOptions> = {}) {
  return createAuthenticator(
    authenticatorOptions({
      session: {
        url: `${app.url}/api/session?v=1`,
        cookieName: 'app.sid',
        issuer: 'https://login.example',
        claims: { person: 'user.id', class: 'role', tenant: 'user.team', display: null },
        cacheSeconds: 10,
        timeoutMs: 5_000,
        ...changes,
      },
    }),
  );
}

const ask = (cookie = 'app.sid=s1', nowMs = NOW_MS) =>
  authenticator.authenticate({ ...NO_CREDENTIALS, cookie }, nowMs);

test('the app is asked with that cookie alone, exactly as it was sent', async () => {
  let seen: IncomingHttpHeaders = {};
  let request = '';
  app.handler = (incoming, response) => {
    seen = incoming.headers;
    request = `${incoming.method} ${incoming.url}`;
    answerJson(response, SIGNED_IN);
  };
  expect(await ask('a=1; app.sid=s%3A1.x/y+z==; b="2"; app.sid=second')).toEqual({
    issuer: 'https://login.example',
    subject: 'ada',
    className: 'agent',
    tenant: 'acme',
    display: null,
    via: 'session',
  });
  expect(request).toBe('GET /api/session?v=1');
  expect(seen).toMatchObject({ cookie: 'app.sid=s%3A1.x/y+z==', accept: 'application/json' });
  expect(seen.authorization).toBeUndefined();
});

describe('not signed in', () => {
  test.each<[string, Handler]>([
    ...[401, 403, 419, 440].map((status): [string, Handler] => [
      `${status}`,
      (_request, response) => answerJson(response, SIGNED_IN, status),
    ]),
    ...[302, 303, 307].map((status): [string, Handler] => [
      `${status} to a page that is never asked for`,
      (_request, response) => response.writeHead(status, { location: '/login' }).end(),
    ]),
    ['204', (_request, response) => response.writeHead(204).end()],
    ['inactive', (_request, response) => answerJson(response, { ...SIGNED_IN, active: false })],
    ['null', (_request, response) => answerJson(response, null)],
    ['an empty object', (_request, response) => answerJson(response, {})],
    ['a person of null', (_request, response) => answerJson(response, { user: { id: null } })],
  ])('%s', async (_name, handler) => {
    app.handler = handler;
    expect(await ask()).toEqual(refusedFor('signed-out'));
    expect(await ask('app.sid=s1; mg_guest=g')).toMatchObject({ code: 'guests-not-allowed' });
    expect(app.requests).toEqual(['/api/session?v=1']);
  });

  test('is believed for two seconds only', async () => {
    app.handler = (_request, response) => answerJson(response, {}, 401);
    await ask();
    app.handler = (_request, response) => answerJson(response, SIGNED_IN);
    expect(await ask('app.sid=s1', NOW_MS + 1999)).toEqual(refusedFor('signed-out'));
    expect(await ask('app.sid=s1', NOW_MS + 2000)).toMatchObject({ subject: 'ada' });
  });
});

test.each([[''], [{ a: 1 }], ['ada\n'], [1.5]])('a person of %j is refused', async (id) => {
  app.handler = (_request, response) => answerJson(response, { user: { id } });
  expect(await ask()).toEqual(refusedFor('claims'));
});

test.each<[string, Handler]>([
  ['down', (request) => request.socket.destroy()],
  ['silent', silent],
  ['500', (_request, response) => answerJson(response, SIGNED_IN, 500)],
  ['404', (_request, response) => answerJson(response, {}, 404)],
  ['moved', (_request, response) => response.writeHead(301, { location: '/elsewhere' }).end()],
  ['huge', (_request, response) => answerJson(response, { ...SIGNED_IN, pad: 'x'.repeat(70_000) })],
  ['garbage', (_request, response) => response.end('<html>')],
  ['a list', (_request, response) => answerJson(response, [SIGNED_IN])],
])('an endpoint that is %s is a failure, and is asked again', async (_name, handler) => {
  app.handler = handler;
  if (handler === silent) authenticator = create({ timeoutMs: 500 });
  await expect(ask()).rejects.toMatchObject(UNAVAILABLE);
  expect(app.requests).toHaveLength(1);
  app.handler = (_request, response) => answerJson(response, SIGNED_IN);
  expect(await ask()).toMatchObject({ subject: 'ada' });
});

test.each<[string, string, Handler]>([
  ['a status', 'answered with status 404', (_request, response) => answerJson(response, {}, 404)],
  [
    'a page',
    'the answer is text/html; charset=utf-8, not JSON',
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>Ada, 4711</p>'),
  ],
  ['text of no type', 'the answer is of no type, not JSON', (_request, response) => response.end('Ada')],
  ['nothing', 'the answer is empty, not JSON', (_request, response) => response.end()],
])('the failure names what came instead: %s', async (_name, what, handler) => {
  app.handler = handler;
  await expect(ask()).rejects.toThrow(what);
  await expect(ask()).rejects.not.toThrow(/Ada/);
});

test('the answer is kept as long as configured, with the very same caller', async () => {
  const caller = await ask();
  expect(ask('app.sid=s1', NOW_MS + 9999)).toBe(caller);
  expect(ask('other=1; app.sid=s1', NOW_MS + 9999)).toBe(caller);
  expect(app.requests).toHaveLength(1);
  expect(ask('app.sid=s2', NOW_MS)).toBeInstanceOf(Promise);
  expect(await ask('app.sid=s1', NOW_MS + 10_000)).toEqual(caller);
  expect(app.requests).toHaveLength(3);
});

test('an answer from before the clock was set back is not believed for all that time', async () => {
  await ask();
  app.handler = (_request, response) => answerJson(response, {}, 401);
  const before = NOW_MS - 7_200_000;
  expect(await ask('app.sid=s1', before)).toEqual(refusedFor('signed-out'));
  app.handler = (_request, response) => answerJson(response, SIGNED_IN);
  expect(await ask('app.sid=s1', before + 2000)).toMatchObject({ subject: 'ada' });
});

test('with a cache time of zero the app is asked each time', async () => {
  authenticator = create({ cacheSeconds: 0 });
  await ask();
  await ask();
  expect(app.requests).toHaveLength(2);
});

test('a hundred at once with one cookie ask once', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask()));
  for (const each of answers) expect(each).toMatchObject({ subject: 'ada' });
  expect(app.requests).toHaveLength(1);
});

test.each(['line\r\nbreak', 'x'.repeat(4097), 'wide\u0142'])(
  'the cookie value %j is not forwarded',
  async (value) => {
    expect(await ask(`app.sid=${value}`)).toEqual(refusedFor('malformed'));
    expect(app.requests).toEqual([]);
  },
);
