import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import express, { type Router } from 'express';
import request from 'supertest';
import { createReadiness } from '../../src/http/readiness.ts';
import { createServer, type GatewayServer } from '../../src/http/server.ts';
import { type BuiltApp, buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const BODY = { intent: 'open_chat' };

function echoRouter(): Router {
  const router = express.Router();
  router.get(
    '/address',
    (req, res) => void res.json({ ip: req.ip, protocol: req.protocol, query: req.query }),
  );
  router.post('/body', express.json(), (req, res) => void res.status(201).json(req.body));
  router.get('/broken', () => Promise.reject(new Error('x')));
  const inner = express();
  inner.get('/app', (req, res) => void res.cookie('a', '1').json({ url: req.originalUrl, fresh: req.fresh }));
  router.use('/inner', inner);
  return router;
}

/** V8's own word for it, which only it knows. */
function hasFastProperties(value: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  return new Function('value', 'return %HasFastProperties(value)')(value);
}

/** Both servers must behave the same; only their speed may differ. */
describe.each([
  ['with Express’s prototypes from birth', true],
  ['with Express setting them', false],
])('the server, %s', (_name, bindPrototypes) => {
  let built: BuiltApp;
  let server: GatewayServer;
  let url: string;
  let port: number;

  beforeEach(async () => {
    built = await buildApp(ISSUED, { trustProxy: 'loopback', extra: [['/v1/echo', echoRouter()]] });
    server = createServer(built.app, {
      readiness: createReadiness([]),
      drainDelayMs: 0,
      drainTimeoutMs: 1000,
      afterDrain: [],
      bindPrototypes,
    });
    ({ port } = await server.listen(0, '127.0.0.1'));
    url = `http://127.0.0.1:${port}`;
  });

  afterEach(() => server.drain());

  test('issues tokens', async () => {
    const response = await request(url).post('/v1/tokens').send(BODY);
    expect(response.status).toBe(200);
    expect(response.body.token).toBe(ISSUED.token);
    expect(built.requests).toHaveLength(1);
  });

  test('many at once over few connections, each its own answer', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const send = (id: string) =>
      new Promise<string>((resolve, reject) => {
        const headers = { 'content-type': 'application/json', 'x-request-id': id };
        const call = httpRequest({ agent, port, method: 'POST', path: '/v1/tokens', headers }, (response) => {
          response.resume().on('end', () => resolve(String(response.headers['x-request-id'])));
        });
        call.on('error', reject).end(JSON.stringify(BODY));
      });
    const ids = Array.from({ length: 100 }, (_, at) => `r-${at}`);
    expect(await Promise.all(ids.map(send))).toEqual(ids);
    agent.destroy();
  });

  test('refuses by problem', async () => {
    expectProblem(await request(url).get('/v1/nothing'), 'not-found');
    expectProblem(await request(url).get('/v1/tokens'), 'method-not-allowed');
    expectProblem(await request(url).get('/v1/echo/broken'), 'internal');
    expectProblem(await request(url).post('/v1/tokens').send('x'), 'unsupported-media-type');
  });

  test('knows Express’s request and response in routers and apps below', async () => {
    const address = await request(url)
      .get('/v1/echo/address?a=1')
      .set('X-Forwarded-For', '203.0.113.9')
      .set('X-Forwarded-Proto', 'https');
    expect(address.body).toEqual({ ip: '203.0.113.9', protocol: 'https', query: { a: '1' } });

    const inner = await request(url).get('/v1/echo/inner/app');
    expect(inner.body).toEqual({ url: '/v1/echo/inner/app', fresh: false });
    expect(inner.headers['set-cookie']).toEqual(['a=1; Path=/']);

    const body = await request(url)
      .post('/v1/echo/body')
      .send({ a: [1] });
    expect([body.status, body.body]).toEqual([201, { a: [1] }]);
  });

  test('makes requests and responses that V8 reads fast, not dictionaries', async () => {
    const seen: [IncomingMessage, ServerResponse][] = [];
    server.http.on('request', (req, res) => seen.push([req, res]));
    for (let times = 0; times < 3; times++) await request(url).post('/v1/tokens').send(BODY);
    expect(seen.map((both) => both.map(hasFastProperties))).toEqual(Array(3).fill([true, true]));
  });

  test('HEAD and OPTIONS', async () => {
    expect((await request(url).head('/livez')).status).toBe(200);
    expect((await request(url).options('/v1/tokens')).headers['allow']).toBe('POST, OPTIONS');
  });

  test('has limits on time and size', async () => {
    expect(server.http).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
    });
    const response = await request(url).get('/livez').set('X-Large', 'x'.repeat(17_000));
    expect(response.status).toBe(431);
  });
});

test('the default follows the Node version', async () => {
  const { app } = await buildApp(ISSUED);
  const settings = { readiness: createReadiness([]), drainDelayMs: 0, drainTimeoutMs: 1000, afterDrain: [] };
  const server = createServer(app, settings);
  const { port } = await server.listen(0, '127.0.0.1');
  let born: object | null = null;
  server.http.prependListener('request', (req) => {
    born = Object.getPrototypeOf(req);
  });
  await request(`http://127.0.0.1:${port}`).get('/livez');
  expect(born === app.request).toBe(Number.parseInt(process.versions.node, 10) < 24);
  await server.drain();
});

test('an address that is taken is a rejection, not a crash', async () => {
  const { app } = await buildApp(ISSUED);
  const settings = { readiness: createReadiness([]), drainDelayMs: 0, drainTimeoutMs: 1000, afterDrain: [] };
  const [first, second] = [createServer(app, settings), createServer(app, settings)];
  const { port } = await first.listen(0, '127.0.0.1');
  await expect(second.listen(port, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
  await first.drain();
});
