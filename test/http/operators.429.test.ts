import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createOperatorApp, FINANCE, type OperatorApp, VIEWER } from '../ops/operator-app.ts';
import { closeListeners, listenOn } from './listen-on.ts';

let open: OperatorApp;

afterEach(async () => {
  await closeListeners();
  await open.ledger.close();
});

test('one operator who asks all the time is limited, the others are not', async () => {
  open = createOperatorApp({ requestsPerMinute: 2 });
  const ask = (headers: Record<string, string>) => request(open.app).get('/v1/months').set(headers);

  expect([(await ask(VIEWER)).status, (await ask(VIEWER)).status]).toEqual([200, 200]);
  const response = await ask(VIEWER);
  expect([response.status, response.body.code]).toEqual([429, 'rate-limited']);
  expect(response.headers['ratelimit-policy']).toBe('"operator-requests";q=2;w=60');
  expect(response.headers['retry-after']).toBe('60');
  expect((await ask(FINANCE)).status).toBe(200);
  open.clock.advance(60_000);
  expect((await ask(VIEWER)).status).toBe(200);
});

test('so is one who opens pages of the dashboard all the time, and gets a page that says so', async () => {
  open = createOperatorApp({ requestsPerMinute: 2 });
  const ask = (headers: Record<string, string>) =>
    request(open.app)
      .get('/ops/system')
      .set({ Accept: 'text/html', ...headers });

  expect([(await ask(VIEWER)).status, (await ask(VIEWER)).status]).toEqual([200, 200]);
  const response = await ask(VIEWER);
  expect(response.status).toBe(429);
  expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(response.headers['retry-after']).toBe('60');
  expect(response.text).toContain('Too many requests of one operator. Try again in 60 seconds.');
  expect((await ask(FINANCE)).status).toBe(200);
  open.clock.advance(60_000);
  expect((await ask(VIEWER)).status).toBe(200);
});

test('steps of a sign-in at the identity provider are limited before the provider is asked', async () => {
  const asked: string[] = [];
  const oidc = {
    label: 'Sign in',
    begin: async () => {
      asked.push('begin');
      return { url: 'https://login.example.com/', attempt: 'x' };
    },
    finish: async () => {
      asked.push('finish');
      return { outcome: 'rejected', reason: 'made up' } as const;
    },
  };
  open = createOperatorApp({ failuresPerMinute: 3, oidc });
  const callback = () =>
    request(open.app).get('/ops/login/callback?code=x&state=y').set('Cookie', 'mg_ops_login=x');

  await request(open.app).get('/ops/login/oidc').expect(303);
  await callback().expect(401);
  await callback().expect(401);
  const response = await callback().expect(429);
  expect(response.body).toMatchObject({
    code: 'rate-limited',
    detail: 'Too many sign-ins from this network.',
  });
  expect(response.headers['ratelimit-policy']).toBe('"operator-sign-ins";q=3;w=60');
  expect(response.headers['set-cookie']).toBeUndefined();
  await request(open.app).get('/ops/login/oidc').expect(429);
  expect(asked).toEqual(['begin', 'finish', 'finish']);

  // The count is its own: keys may still fail, and the next minute is another one.
  await request(open.app).get('/v1/months').set('Authorization', 'Bearer wrong').expect(401);
  open.clock.advance(60_000);
  await callback().expect(401);
});

test('somebody who signs in with a good key all the time is limited, the others are not', async () => {
  open = createOperatorApp({ failuresPerMinute: 2 });
  const signIn = ({ Authorization }: typeof VIEWER) =>
    request(open.app)
      .post('/ops/login')
      .set({ Origin: 'http://127.0.0.1:3000', Host: '127.0.0.1:3000' })
      .type('form')
      .send({ key: Authorization.slice('Bearer '.length) });

  expect([(await signIn(VIEWER)).status, (await signIn(VIEWER)).status]).toEqual([303, 303]);
  const response = await signIn(VIEWER);
  expect(response.status).toBe(429);
  expect(response.headers['set-cookie']).toBeUndefined();
  expect((await signIn(FINANCE)).status).toBe(303);
  open.clock.advance(60_000);
  expect((await signIn(VIEWER)).status).toBe(303);
});

test('a page of the dashboard is shown to nobody who sends two keys', async () => {
  open = createOperatorApp({ requestsPerMinute: 2 });
  const { port } = await listenOn(open.app);
  const keys = [VIEWER, FINANCE].flatMap(({ Authorization }) => ['Authorization', Authorization]);
  const asking = get({ port, path: '/ops/system', headers: ['Host', 'x', 'Accept', 'text/html', ...keys] });
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(400);
  expect(await text(response)).toContain('Send one credential only.');
});
