import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import express from 'express';
import supertest from 'supertest';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { settableClock } from '../clock.ts';

// A watch of its own, with secrets that the watch over this file does not know.

const { watchSecrets } = await import(new URL('./watch-secrets.js', import.meta.url).href);

const SECRET = 'secret+of/"a" <test>';
const NAME = 'THE_SECRET';

let watch: { plant(secret: object): void; during(test: string | null): void; stop(): string[] };

beforeEach(() => {
  watch = watchSecrets();
  watch.plant({ name: NAME, secret: SECRET });
});
afterEach(() => void watch.stop());

function app() {
  return express()
    .get('/body', (_req, res) => void res.json({ a: SECRET }))
    .get('/header', (_req, res) => void res.set('Set-Cookie', `a=${encodeURIComponent(SECRET)}`).end())
    .get('/raw-header', (_req, res) => void res.writeHead(204, ['X-A', btoa(`ab${SECRET}c`)]).end())
    .get(
      '/page',
      (_req, res) => void res.send(`<p>${SECRET.replace('"a" <test>', '&quot;a&quot; &lt;test&gt;')}`),
    )
    .get('/pieces', (_req, res) => {
      res.write(Buffer.from(`x${SECRET.slice(0, 5)}`));
      setTimeout(() => res.end(SECRET.slice(5)), 20);
    })
    .get('/nothing', (_req, res) => void res.json({ a: SECRET.slice(1) }));
}

test.each(['/body', '/header', '/raw-header', '/page', '/pieces'])(
  'an answer of this process that gives it away: %s',
  async (path) => {
    await supertest(app()).get(`${path}?q=1`);
    expect(watch.stop()).toEqual([`${NAME} in the answer to GET ${path}`]);
  },
);

test('a log line, also of a child, and what its logger censors is none', async () => {
  const destination = { write: () => {} };
  const { logger } = await createLogger({
    level: 'debug',
    format: 'json',
    clock: settableClock(0),
    destination,
  });
  logger.info({ event: 'one.censored', token: SECRET });
  watch.during('a test');
  logger.child({ url: `http://x/${SECRET}` }).debug({ event: 'one.leaking' });
  expect(watch.stop()).toEqual([`${NAME} in the log (one.leaking), during "a test"`]);
});

test('what is made known afterwards is found in what was said before', async () => {
  await supertest(app()).get('/nothing');
  watch.plant({ name: 'THE_LATER', secret: SECRET.slice(1) });
  expect(watch.stop()).toEqual(['THE_LATER in the answer to GET /nothing']);
});

test('nothing is found where nothing is', async () => {
  await supertest(app()).get('/nothing');
  expect(watch.stop()).toEqual([]);
});

/** Another process, which answers in pieces; the answer to POST is none. */
const LEAKY = `
  const server = require('node:http').createServer((req, res) => {
    if (req.method === 'POST') return res.end('nothing');
    res.write(process.env.A);
    setTimeout(() => res.end(process.env.B), 30);
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

test.each<[string, (port: number) => Promise<unknown>]>([
  ['fetch', async (port) => (await fetch(`http://127.0.0.1:${port}/leaky?q=1`)).text()],
  [
    'node:http',
    async (port) => {
      const [response] = await once(request({ port, path: '/leaky' }).end(), 'response');
      await once(response.resume(), 'end');
    },
  ],
  [
    'node:net',
    async (port) => {
      const socket = connect(port, '127.0.0.1');
      socket.write('GET /leaky HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      await once(socket.resume(), 'end');
    },
  ],
])('what another process answers is heard, by %s', async (_, ask) => {
  const env = { A: SECRET.slice(0, 5), B: SECRET.slice(5) };
  const child = spawn(process.execPath, ['-e', LEAKY], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = await once(createInterface({ input: child.stdout }), 'line');
    await (await fetch(`http://127.0.0.1:${port}/quiet`, { method: 'POST' })).text();
    await ask(Number(port));
    expect(watch.stop()).toEqual([`${NAME} in the answer to GET /leaky`]);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});
