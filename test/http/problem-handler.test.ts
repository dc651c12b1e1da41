import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import express, { type Router } from 'express';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { refused } from '../../src/domain/refusal.ts';
import { refusedByHttp } from '../../src/http/problem.ts';
import { createReadiness } from '../../src/http/readiness.ts';
import { createServer, type GatewayServer } from '../../src/http/server.ts';
import { buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

function faultyRouter(): Router {
  const router = express.Router();
  router.get('/refused', (_req, _res, next) =>
    next(refused('not-found', { detail: 'There is no such person.' })),
  );
  router.get('/stale', (_req, _res, next) =>
    next(refusedByHttp('precondition-failed', { detail: 'Stale.' })),
  );
  router.get('/thrown', () => {
    throw new Error('s3cret');
  });
  router.get('/rejected', () => Promise.reject(new GatewayError('twilio-unavailable', 's3cret')));
  router.get('/nothing', () => Promise.reject(undefined));
  router.get('/late', (_req, res) => {
    res.write('half');
    throw new Error('s3cret');
  });
  router.get('/items/:id', (req, res) => void res.json({ id: req.params.id }));
  router.put('/items/:id', express.json({ limit: 10 }), (_req, res) => void res.json({}));
  return router;
}

const build = () => buildApp(ISSUED, { extra: [['/v1/faults', faultyRouter()]] });

describe('the problem handler', () => {
  test('writes out a refusal that a route gave to next', async () => {
    const { app, events } = await build();
    const response = await request(app).get('/v1/faults/refused?secret=1');
    expectProblem(response, 'not-found', {
      detail: 'There is no such person.',
      instance: '/v1/faults/refused',
    });
    expect(events).toMatchObject([
      {
        level: 'info',
        route: '/v1/faults/refused',
        status: 404,
        code: 'not-found',
        requestId: response.body.requestId,
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  test('and one that only HTTP knows', async () => {
    expectProblem(await request((await build()).app).get('/v1/faults/stale'), 'precondition-failed');
  });

  test.each([
    ['thrown', 'internal'],
    ['rejected', 'twilio-unavailable'],
    ['nothing', 'internal'],
  ] as const)('what is %s is plain outside and whole inside, in one line', async (path, code) => {
    const { app, events } = await build();

    const response = await request(app).get(`/v1/faults/${path}`);

    expectProblem(response, code);
    expect(response.text).not.toContain('s3cret');
    expect(events).toHaveLength(1);
    expect(events).toMatchObject([{ event: 'http.request', code, requestId: response.body.requestId }]);
    if (path !== 'nothing') expect(events).toMatchObject([{ err: { message: 's3cret' } }]);
  });

  test('an answer that broke in the middle is cut, not completed', async () => {
    const { app, events } = await build();
    await expect(request(app).get('/v1/faults/late')).rejects.toThrow();
    expect(events).toMatchObject([
      { level: 'error', code: 'internal', err: { message: 's3cret' }, aborted: true },
    ]);
  });

  test.each([
    ['a broken JSON body', '{', 'application/json', 'invalid-request'],
    ['a large one', '{"a":"bcdefghijkl"}', 'application/json', 'payload-too-large'],
    ['a foreign charset', '{}', 'application/json; charset=latin1', 'unsupported-media-type'],
  ] as const)('understands what body parsers blame on the client: %s', async (_name, body, type, code) => {
    const { app, events } = await build();
    const response = await request(app).put('/v1/faults/items/1').set('Content-Type', type).send(body);
    expectProblem(response, code, code === 'invalid-request' ? { errors: [expect.anything()] } : {});
    expect(events).toMatchObject([{ level: 'info' }]);
    expect(events[0]).not.toHaveProperty('err');
  });
});

describe('addresses', () => {
  test.each(['/', '/v1', '/v1/nothing', '/V1/tokens', '/v1/tokens/x', '/favicon.ico', '/index.php'])(
    '%s is a 404 problem',
    async (path) => {
      const { app } = await build();
      const response = await request(app).get(path).set('Accept', 'text/html').set('Host', 'evil.example');
      expectProblem(response, 'not-found', { instance: path });
      expect(response.text).not.toContain('evil');
    },
  );

  test.each([
    ['get', '/v1/tokens', 'POST, OPTIONS'],
    ['head', '/v1/tokens', 'POST, OPTIONS'],
    ['put', '/v1/tokens', 'POST, OPTIONS'],
    ['post', '/livez', 'GET, HEAD, OPTIONS'],
    ['delete', '/problems/internal', 'GET, HEAD, OPTIONS'],
    ['post', '/v1/faults/items/7', 'GET, PUT, HEAD, OPTIONS'],
  ] as const)('%s %s is a 405 problem with Allow', async (method, path, allow) => {
    const { app } = await build();
    const response = await request(app)[method](path);
    expect(response.headers['allow']).toBe(allow);
    if (method === 'head') expect(response.status).toBe(405);
    else expectProblem(response, 'method-not-allowed');
  });

  test.each(['/v1/faults/items/%ZZ', '/problems/%E0%A4%A', '/%'])('%s is a 400 problem', async (path) => {
    const { app } = await build();
    expectProblem(await request(app).get(path), 'invalid-request', { errors: [expect.anything()] });
  });

  test('HEAD is GET without the body', async () => {
    const { app } = await build();
    const get = await request(app).get('/v1/faults/items/7');
    const head = await request(app).head('/v1/faults/items/7');
    expect([head.status, head.text, head.headers['content-length']]).toEqual([
      200,
      undefined,
      get.headers['content-length'],
    ]);
  });

  test('in demo mode every answer says so', async () => {
    const { app } = await buildApp(ISSUED, { demo: true });
    expect((await request(app).get('/nothing')).headers['x-demo']).toBe('1');
  });
});

describe('request lines that are no paths', () => {
  let server: GatewayServer;
  afterEach(() => server.drain());

  test.each([
    ['GET foo://bar HTTP/1.1', 404],
    ['GET http://[::1 HTTP/1.1', 404],
    ['OPTIONS * HTTP/1.1', 404],
    ['GET http://evil.example/livez HTTP/1.1', 200],
  ])('%s', async (line, status) => {
    const { app } = await build();
    const settings = {
      readiness: createReadiness([]),
      drainDelayMs: 0,
      drainTimeoutMs: 1000,
      afterDrain: [],
    };
    server = createServer(app, settings);
    const { port } = await server.listen(0, '127.0.0.1');

    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
      socket.write(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
    });

    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).not.toMatch(/html/i);
  });
});
