import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { createReadiness } from '../../src/http/readiness.ts';
import { createServer } from '../../src/http/server.ts';
import type { IssuedToken } from '../../src/issue/token-request.ts';
import { buildApp, ISSUED } from './build-app.ts';

async function startGateway(
  options: { drainDelayMs?: number; drainTimeoutMs?: number; failing?: boolean } = {},
) {
  const { drainDelayMs = 0, drainTimeoutMs = 5000, failing = false } = options;
  const order: string[] = [];
  let release = () => {};
  let arrived = () => {};
  const inFlight = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const slow = express.Router();
  slow.get('/', (_req, res) => {
    arrived();
    release = () => {
      order.push('answered');
      res.json({ done: true });
    };
  });
  const readiness = createReadiness([]);
  const { app } = await buildApp(ISSUED, { readiness, extra: [['/slow', slow]] });
  const server = createServer(app, {
    readiness,
    drainDelayMs,
    drainTimeoutMs,
    afterDrain: [
      async () => {
        order.push('ledger closed');
        if (failing) throw new Error('the ledger would not close');
      },
      async () => void order.push('log flushed'),
    ],
  });
  const { port } = await server.listen(0, '127.0.0.1');
  return { server, port, order, inFlight, release: () => release(), url: `http://127.0.0.1:${port}` };
}

const refusesConnections = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });

test('the request in flight is finished, everyone else is sent away, and the hooks run after it in order', async () => {
  const { server, port, order, inFlight, release, url } = await startGateway();
  const answer = request(url)
    .get('/slow')
    .then((response) => response);
  await inFlight;

  const drained = server.drain();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await refusesConnections(port)).toBe(true);
  expect(order).toEqual([]);
  release();

  const response = await answer;
  await drained;
  expect(response.body).toEqual({ done: true });
  expect(response.headers['connection']).toBe('close');
  expect(order).toEqual(['answered', 'ledger closed', 'log flushed']);
});

test('readiness says no first, while requests are still taken', async () => {
  // Long enough for three requests on a busy machine.
  const { server, url } = await startGateway({ drainDelayMs: 4_000 });
  expect((await request(url).get('/readyz')).status).toBe(200);

  const drained = server.drain();

  expect((await request(url).get('/readyz')).status).toBe(503);
  expect((await request(url).get('/livez')).status).toBe(200);
  expect((await request(url).post('/v1/tokens').send({ intent: 'open_chat' })).status).toBe(200);
  await drained;
});

test.each([
  ['GET', '/livez'],
  ['POST', '/v1/tokens'],
])('every answer to %s %s before the door closes is the last on its connection', async (method, path) => {
  const { server, port } = await startGateway({ drainDelayMs: 4_000 });
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise<unknown>((resolve, reject) => {
      const headers = { 'Content-Type': 'application/json' };
      const asked = httpRequest({ agent, port, method, path, headers }, (response) =>
        response.resume().on('end', () => resolve([response.statusCode, response.headers.connection])),
      );
      asked.on('error', reject).end(method === 'POST' ? '{"intent":"open_chat"}' : undefined);
    });
  expect(await ask()).toEqual([200, 'keep-alive']);
  const drained = server.drain();
  expect(await ask()).toEqual([200, 'close']);
  expect(await ask()).toEqual([200, 'close']);
  await drained;
  agent.destroy();
});

test('an idle keep-alive connection does not hold the end up', async () => {
  const { server, port } = await startGateway();
  const agent = new Agent({ keepAlive: true });
  await new Promise((resolve) => {
    httpRequest({ agent, port, path: '/livez' }, (response) => response.resume().on('end', resolve)).end();
  });

  const startedAt = performance.now();
  await server.drain();

  expect(performance.now() - startedAt).toBeLessThan(2000);
  agent.destroy();
});

test('a request that never ends is cut off after the timeout', async () => {
  const { server, inFlight, url, order } = await startGateway({ drainTimeoutMs: 500 });
  const answer = request(url)
    .get('/slow')
    .then(
      () => 'answered',
      () => 'cut off',
    );
  await inFlight;

  await server.drain();

  expect(await answer).toBe('cut off');
  expect(order).toEqual(['ledger closed', 'log flushed']);
});

test('a hook that fails keeps no other from running, and is reported', async () => {
  const { server, order } = await startGateway({ failing: true });
  await expect(server.drain()).rejects.toThrow('not clean');
  expect(order).toEqual(['ledger closed', 'log flushed']);
});

test('draining twice is draining once', async () => {
  const { server, order } = await startGateway();
  await Promise.all([server.drain(), server.drain()]);
  expect(order).toEqual(['ledger closed', 'log flushed']);
});

test('a server that never listened closes what it holds all the same', async () => {
  const { app, readiness } = await buildApp(ISSUED);
  const order: string[] = [];
  const afterDrain = [async () => void order.push('ledger closed')];
  await createServer(app, { readiness, drainDelayMs: 0, drainTimeoutMs: 1000, afterDrain }).drain();
  expect(order).toEqual(['ledger closed']);
});

test('a token in the making is handed out, and its connection closed', async () => {
  let issue = (_token: IssuedToken) => {};
  const token = new Promise<IssuedToken>((resolve) => {
    issue = resolve;
  });
  const { app, readiness, requests } = await buildApp(token);
  const server = createServer(app, { readiness, drainDelayMs: 0, drainTimeoutMs: 5000, afterDrain: [] });
  const { port } = await server.listen(0, '127.0.0.1');
  const answer = request(`http://127.0.0.1:${port}`)
    .post('/v1/tokens')
    .send({ intent: 'open_chat' })
    .then((response) => response);
  while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

  const drained = server.drain();
  await new Promise((resolve) => setTimeout(resolve, 20));
  issue(ISSUED);

  const { status, headers, body } = await answer;
  expect([status, headers['connection'], body.token]).toEqual([200, 'close', ISSUED.token]);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  await drained;
});
