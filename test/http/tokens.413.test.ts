import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';
import { closeListeners, listenOn } from './listen-on.ts';

afterEach(closeListeners);

const LIMIT = 8192;
const bodyOf = (bytes: number) => `{"intent":"open_chat","humanToken":"${'x'.repeat(bytes - 38)}"}`;

describe('POST /v1/tokens, 413', () => {
  test('a body of exactly 8 KiB is read', async () => {
    const { app } = await buildApp(ISSUED);
    const body = `${'{"intent":"open_chat"}'.padEnd(LIMIT)}`;
    const response = await request(app).post('/v1/tokens').set('Content-Type', 'application/json').send(body);
    expect(response.status).toBe(200);
  });

  test('a declared byte more is refused, and the connection stays usable', async () => {
    const { app, requests, events } = await buildApp(ISSUED);

    const response = await request(app)
      .post('/v1/tokens')
      .set('Content-Type', 'application/json')
      .send(bodyOf(LIMIT + 1));

    expectProblem(response, 'payload-too-large');
    expect(response.headers['connection']).not.toBe('keep-alive, close');
    expect(requests).toEqual([]);
    expect(events).toMatchObject([{ event: 'http.request', status: 413, code: 'payload-too-large' }]);
  });

  test('a declared megabyte closes the connection instead of being read', async () => {
    const { app } = await buildApp(ISSUED);
    const { port } = await listenOn(app);
    const answer = await new Promise<{ status: number | undefined; connection: string | undefined }>(
      (resolve, reject) => {
        const headers = { 'content-type': 'application/json', 'content-length': 1_048_576 };
        const call = httpRequest({ port, method: 'POST', path: '/v1/tokens', headers }, (response) => {
          resolve({ status: response.statusCode, connection: response.headers.connection });
          response.resume();
          call.destroy();
        });
        call.on('error', reject);
        call.flushHeaders();
      },
    );
    expect(answer).toEqual({ status: 413, connection: 'close' });
  });

  test('a chunked body is measured as it comes, and never reaches issueToken', async () => {
    const { app, requests } = await buildApp(ISSUED);
    const call = request(app).post('/v1/tokens').set('Content-Type', 'application/json');
    for (let part = 0; part < 3; part += 1) call.write('x'.repeat(4096));

    const response = await call;

    expectProblem(response, 'payload-too-large');
    expect(response.headers['connection']).toBe('close');
    expect(requests).toEqual([]);
  });
});
