import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCli } from './support.ts';

let server: Server;
let port: string;
let status = 200;
const paths: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(status).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = String((server.address() as AddressInfo).port);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('healthcheck', () => {
  test.each([
    ['PORT', () => ({ args: [], env: { PORT: port } })],
    ['a host that means every interface', () => ({ args: [], env: { PORT: port, HOST: '0.0.0.0' } })],
    ['--port', () => ({ args: ['--port', port], env: { PORT: '1' } })],
    ['--url', () => ({ args: ['--url', `http://127.0.0.1:${port}/`], env: {} })],
    [
      'variables that could not start a gateway',
      () => ({ args: [], env: { PORT: port, TWILIO_ACCOUNT_SID: 'x' } }),
    ],
  ])('asks /livez by %s', async (_, make) => {
    const { args, env } = make();
    status = 200;
    paths.length = 0;
    expect(await runCli(['healthcheck', ...args], { env })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(paths).toEqual(['/livez']);
  });

  test('exits 1 when the gateway does not answer well', async () => {
    status = 503;
    const { code, stderr } = await runCli(['healthcheck', '--port', port]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `http://127.0.0.1:${port}/livez: status 503\n` });
  });

  test('exits 1 when nobody listens', async () => {
    const { code, stdout } = await runCli(['healthcheck', '--port', '1', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ alive: false, url: 'http://127.0.0.1:1/livez' });
  });

  test('exits 2 when it cannot tell where to ask', async () => {
    expect(await runCli(['healthcheck', '--port', 'x'])).toMatchObject({ code: 2 });
    expect(await runCli(['healthcheck'], { env: { PORT: '0' } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--url'),
    });
  });
});
