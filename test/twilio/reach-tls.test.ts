import { readFileSync } from 'node:fs';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { reachTls } from '../../src/twilio/reach-tls.ts';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/free-port.ts';

let certificate: Certificate;
let cert: string;
let key: string;
beforeAll(async () => {
  certificate = await makeCertificate();
  cert = readFileSync(certificate.certFile, 'utf8');
  key = readFileSync(certificate.keyFile, 'utf8');
});
afterAll(() => certificate.remove());

const servers: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

const reach = (port: number, more = {}) => reachTls({ host: '127.0.0.1', port, timeoutMs: 2_000, ...more });

test('shakes hands and says nothing', async () => {
  const said: Buffer[] = [];
  const server = createTlsServer({ cert, key }, (socket) => socket.on('data', (data) => said.push(data)));
  const ended = new Promise((resolve) =>
    server.on('secureConnection', (socket) => socket.on('close', resolve)),
  );
  await reach(await listen(server), { ca: cert });
  await ended;
  expect(said).toEqual([]);
});

test('believes no certificate that nobody vouches for', async () => {
  const server = createTlsServer({ cert, key });
  server.on('tlsClientError', () => {});
  await expect(reach(await listen(server))).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test('tells of what does not speak TLS, hangs up, keeps silent or is not there', async () => {
  const chatty = createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await expect(reach(await listen(chatty))).rejects.toThrow();
  const curt = createTcpServer((socket) => socket.end());
  await expect(reach(await listen(curt))).rejects.toThrow();
  const silent = createTcpServer(() => {});
  await expect(reach(await listen(silent), { timeoutMs: 100 })).rejects.toThrow('no answer in time');
  await expect(reach(await freePort())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
