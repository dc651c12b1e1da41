import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express, { type Router } from 'express';
import { problemSchema } from '../../src/contract.ts';
import { answerClientError, type MalformedRequest } from '../../src/http/client-error.ts';
import { createReadiness } from '../../src/http/readiness.ts';
import { createServer, type GatewayServer } from '../../src/http/server.ts';
import { buildApp, ISSUED } from './build-app.ts';

const HEADER_BYTES_MAX = 16_384;
const BODY = '{"intent":"open_chat"}';
const TOKENS = `POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;

let server: GatewayServer;
let port: number;
let malformed: MalformedRequest[];
let release: () => void;
/** Resolves when a request that waits is in the gateway's hands. */
let asked: Promise<void>;

function slowRouter(): Router {
  const router = express.Router();
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isAsked = () => {};
  asked = new Promise((resolve) => {
    isAsked = resolve;
  });
  router.get('/begun', (_req, res) => void res.write('begun'));
  router.get('/due', async (_req, res) => {
    isAsked();
    await released;
    res.json({ due: true });
  });
  return router;
}

beforeEach(async () => {
  malformed = [];
  const { app } = await buildApp(ISSUED, { extra: [['/v1/slow', slowRouter()]] });
  server = createServer(app, {
    readiness: createReadiness([]),
    drainDelayMs: 0,
    drainTimeoutMs: 200,
    afterDrain: [],
    publicUrl: 'https://gateway.example',
    onMalformed: (request) => malformed.push(request),
  });
  ({ port } = await server.listen(0, '127.0.0.1'));
});

afterEach(() => server.drain());

/** Sends bytes as they are, and answers all that came back until the other side ended the connection. */
async function exchange(...pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  return readAll(socket, pieces);
}

/** The same, the second piece not before something came back for the first. */
async function exchangeInTurn(first: string, second: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const answered = once(socket, 'data');
  socket.write(first);
  const [beginning] = await answered;
  return `${beginning}${await readAll(socket, [second])}`;
}

async function readAll(socket: Socket, pieces: string[]): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
  });
  socket.on('error', () => {});
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await sleep(20);
  }
  if (!socket.closed) await once(socket, 'close');
  return text;
}

/** Asserts that the text is one problem document, whole and alone. */
function expectOneProblem(text: string, status: number, code: string): void {
  const end = text.indexOf('\r\n\r\n');
  const [first, ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ')));
  const body = text.slice(end + 4);
  expect(first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(body.length),
    'cache-control': 'no-store',
    connection: 'close',
  });
  const problem = JSON.parse(body);
  expect(problemSchema.safeParse(problem).success).toBe(true);
  expect(problem).toMatchObject({ type: `https://gateway.example/problems/${code}`, status, code });
  expect(problem.requestId.toLowerCase()).toBe(headers['x-request-id']);
  expect(malformed).toEqual([
    { status, fault: expect.stringMatching(/^[A-Z_]+$/), requestId: problem.requestId },
  ]);
}

describe('what is no request', () => {
  it.each([
    ['noise', '\x00\x01\xffnoise\r\n\r\n'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['an unknown method', 'STEAL /v1/tokens HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['another protocol', 'GET / ICE/9.9\r\nHost: x\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
    ['two lengths', `${TOKENS}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['a length and chunks', `${TOKENS}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a length that is no number', `${TOKENS}Content-Length: -1\r\n\r\n{}`],
    ['a body of broken chunks', `${TOKENS}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ])('%s gets 400 as a problem, and the end', async (_name, bytes) => {
    expectOneProblem(await exchange(bytes), 400, 'invalid-request');
  });

  it.each([
    ['one header', `GET /livez HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(HEADER_BYTES_MAX)}\r\n\r\n`],
    ['many headers', `GET /livez HTTP/1.1\r\nHost: x\r\n${'X-Some: 0123456789\r\n'.repeat(2_000)}\r\n`],
    ['an address', `GET /${'x'.repeat(HEADER_BYTES_MAX)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('%s above 16 KiB gets 431', async (_name, bytes) => {
    expectOneProblem(await exchange(bytes), 431, 'invalid-request');
  });

  it('chunk extensions above their limit get 413', async () => {
    const extension = `1;${'x'.repeat(17_000)}\r\na\r\n0\r\n\r\n`;
    const text = await exchange(`${TOKENS}Transfer-Encoding: chunked\r\n\r\n${extension}`);
    expectOneProblem(text, 413, 'payload-too-large');
  });

  it('is not given back, neither in the answer nor to the log', async () => {
    const text = await exchange('GET /secret-path?token=secret HTTP/1.1\r\nAuthorization secret\r\n\r\n');
    expect(text).toContain(' 400 ');
    expect(text).not.toContain('secret');
    expect(JSON.stringify(malformed)).not.toContain('secret');
  });

  it('leaves other connections alone', async () => {
    const good = connect(port, '127.0.0.1');
    await exchange('noise\r\n\r\n');
    const text = await readAll(good, [
      `${TOKENS}Connection: close\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
    ]);
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('noise behind a request', () => {
  it('does not pass for the answer that is due', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /v1/slow/due HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked;
    const text = await readAll(socket, ['noise\r\n\r\n']);
    expect(text).toBe('');
    expect(malformed).toEqual([]);
    release();
  });

  it('does not get into an answer that has begun', async () => {
    const text = await exchangeInTurn('GET /v1/slow/begun HTTP/1.1\r\nHost: x\r\n\r\n', 'noise\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text).toMatch(/begun\r\n$/);
    expect(malformed).toEqual([]);
  });

  it('gets an answer of its own when the one before is over', async () => {
    const text = await exchangeInTurn('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n', 'noise\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expectOneProblem(text.slice(text.lastIndexOf('HTTP/1.1 4')), 400, 'invalid-request');
  });
});

describe('a connection that is gone', () => {
  it('is no message for the log', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /v1/tokens HTTP/1.1\r\n');
    await sleep(20);
    socket.resetAndDestroy();
    await sleep(50);
    expect(malformed).toEqual([]);
  });
});

describe('a request that does not arrive whole in time', () => {
  let hurried: Server;

  // The gateway's own limit is 10 s, and Node looks for late requests every 30 s.
  beforeEach(async () => {
    hurried = createHttpServer({ headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 20 });
    hurried.on('clientError', (error, socket) => {
      const answered = answerClientError(error, socket, {
        publicUrl: 'https://gateway.example',
        requestId: 'r1',
      });
      if (answered) malformed.push(answered);
    });
    hurried.listen(0, '127.0.0.1');
    await once(hurried, 'listening');
    port = (hurried.address() as AddressInfo).port;
  });

  afterEach(async () => {
    hurried.close();
    await once(hurried, 'close');
  });

  it('gets 408', async () => {
    expectOneProblem(await exchange('GET /livez HTTP/1.1\r\nHost: x\r\n'), 408, 'invalid-request');
  });
});
