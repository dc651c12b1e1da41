import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const TEXT = '{"intent":"open_chat"}';

describe('POST /v1/tokens, 415', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/problem+json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; x=y',
    'text/plain; a=application/json',
    'application/json, text/plain',
  ])('refuses %s', async (type) => {
    const { app, requests, events } = await buildApp(ISSUED);

    const response = await request(app).post('/v1/tokens').set('Content-Type', type).send(TEXT);

    expectProblem(response, 'unsupported-media-type');
    expect(requests).toEqual([]);
    expect(events).toMatchObject([{ event: 'http.request', status: 415 }]);
  });

  test('refuses a body without a type', async () => {
    const { app } = await buildApp(ISSUED);
    const response = await request(app).post('/v1/tokens').unset('Content-Type').send();
    expectProblem(response, 'unsupported-media-type');
  });

  test('refuses a compressed body: nothing here inflates', async () => {
    const { app } = await buildApp(ISSUED);
    const call = request(app)
      .post('/v1/tokens')
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip');
    call.write(gzipSync(TEXT));
    expectProblem(await call, 'unsupported-media-type');
  });
});
