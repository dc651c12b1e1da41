import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { tokenAnswerSchema } from '../../src/contract.ts';
import { buildApp, ISSUED } from './build-app.ts';

const BODY = { intent: 'open_chat' };

describe('POST /v1/tokens, 200', () => {
  test('answers exactly the fields of the contract', async () => {
    const { app } = await buildApp(ISSUED);

    const response = await request(app).post('/v1/tokens').send(BODY);

    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      token: ISSUED.token,
      identity: ISSUED.identity,
      expiresAt: '2026-11-20T22:00:00Z',
      refreshAt: '2026-11-20T21:48:00Z',
      serverTime: '2026-11-20T21:00:00.123Z',
      serviceSid: ISSUED.serviceSid,
      region: null,
      outcome: 'minted',
      month: '2026-11',
      firstThisMonth: true,
    });
    expect(tokenAnswerSchema.strict().safeParse(response.body).success).toBe(true);
  });

  test('is JSON, not stored by anyone, and without validators', async () => {
    const { app } = await buildApp(ISSUED);

    const { headers } = await request(app).post('/v1/tokens').send(BODY);

    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    for (const absent of [
      'etag',
      'x-powered-by',
      'set-cookie',
      'x-demo',
      'transfer-encoding',
      'last-modified',
    ]) {
      expect(headers).not.toHaveProperty(absent);
    }
  });

  test('in demo mode says so in header and body', async () => {
    const { app } = await buildApp(ISSUED, { demo: true });

    const response = await request(app).post('/v1/tokens').send(BODY);

    expect(response.headers['x-demo']).toBe('1');
    expect(response.body.demo).toBe(true);
  });

  test('escapes what the configuration may hold, and its length is right', async () => {
    const region = 'zürich "1" \u{1F600}';
    const { app } = await buildApp({ ...ISSUED, region, outcome: 'reused', firstThisMonth: false });

    const response = await request(app).post('/v1/tokens').send(BODY);

    expect(response.body).toMatchObject({ region, outcome: 'reused', firstThisMonth: false });
    expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.text)));
  });

  test('later answers hold their own instants, not remembered ones', async () => {
    const issued = { ...ISSUED };
    const { app } = await buildApp(issued);

    await request(app).post('/v1/tokens').send(BODY);
    Object.assign(issued, {
      expiresAt: ISSUED.expiresAt + 61,
      refreshAt: ISSUED.refreshAt + 61,
      serverTimeMs: ISSUED.serverTimeMs + 61_001,
      serviceSid: 'IS00000000000000000000000000000002',
      region: 'ie1',
    });
    const { body } = await request(app).post('/v1/tokens').send(BODY);

    expect(body).toMatchObject({
      expiresAt: '2026-11-20T22:01:01Z',
      refreshAt: '2026-11-20T21:49:01Z',
      serverTime: '2026-11-20T21:01:01.124Z',
      serviceSid: 'IS00000000000000000000000000000002',
      region: 'ie1',
    });
  });

  test('hands the whole body and every credential to issueToken', async () => {
    const { app, requests } = await buildApp(ISSUED);
    const body = {
      intent: 'open_chat',
      service: 'eu',
      tabState: 'hidden',
      device: 'Küche',
      humanToken: 'h-1',
    };

    await request(app)
      .post('/v1/tokens')
      .set('Authorization', 'Bearer abc')
      .set('X-Api-Key', 'key')
      .set('X-Subject', 'user-1')
      .set('Cookie', 'a=1; b=2')
      .set('X-Request-Id', 'client-id_1.2')
      .send(body);

    expect(requests).toEqual([
      {
        requestId: 'client-id_1.2',
        credentials: {
          authorization: 'Bearer abc',
          apiKey: 'key',
          subject: 'user-1',
          cookie: 'a=1; b=2',
          originTrusted: false,
          service: 'eu',
        },
        body,
        hints: { prefetch: false, crawler: false, originMissing: true },
        remoteAddress: expect.stringContaining('127.0.0.1'),
      },
    ]);
  });

  test.each([
    ['own origin', 'https://gateway.example', true],
    ['a listed origin', 'https://app.example', true],
    ['another origin', 'https://evil.example', false],
    ['a longer name', 'https://app.example.evil', false],
    ['another scheme', 'http://app.example', false],
    ['an opaque origin', 'null', false],
    ['the Host header', 'http://127.0.0.1', false],
  ])('trusts cookies by Origin: %s', async (_name, origin, trusted) => {
    const { app, requests } = await buildApp(ISSUED);

    await request(app).post('/v1/tokens').set('Origin', origin).set('Host', '127.0.0.1').send(BODY);

    expect(requests[0]?.credentials.originTrusted).toBe(trusted);
  });

  test('without an Origin header, or without a public URL, no cookie is trusted', async () => {
    const { app, requests } = await buildApp(ISSUED, { publicUrl: null, corsOrigins: [] });

    await request(app).post('/v1/tokens').send(BODY);
    await request(app)
      .post('/v1/tokens')
      .set('Origin', 'http://127.0.0.1:3000')
      .set('Host', '127.0.0.1:3000')
      .send(BODY);

    expect(requests.map(({ credentials }) => credentials.originTrusted)).toEqual([false, false]);
  });

  test('echoes a plain request id and replaces any other', async () => {
    const { app } = await buildApp(ISSUED);
    const send = (id: string) => request(app).post('/v1/tokens').set('X-Request-Id', id).send(BODY);

    const ids = [];
    for (const id of ['abc-1', 'x'.repeat(65), 'a b', 'a"b'])
      ids.push((await send(id)).headers['x-request-id']);

    expect(ids[0]).toBe('abc-1');
    for (const id of ids.slice(1)) expect(id).toMatch(/^[A-Za-z0-9_-]{12}-[0-9a-z]+$/);
    expect(new Set(ids).size).toBe(4);
  });

  test('leaves the log and the count of tokens to issueToken, and is timed', async () => {
    const { app, events, metrics } = await buildApp(ISSUED);

    await request(app).post('/v1/tokens').send(BODY);

    expect(events).toEqual([]);
    const { text } = await metrics.expose();
    expect(text).not.toMatch(/^mauguard_(tokens_minted|denied)_total\{.* [1-9]/m);
    expect(text).toContain(
      'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/v1/tokens",http_response_status_code="200"} 1',
    );
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'reads %s',
    async (type) => {
      const { app } = await buildApp(ISSUED);
      const response = await request(app)
        .post('/v1/tokens')
        .set('Content-Type', type)
        .send('{"intent":"open_chat"}');
      expect(response.status).toBe(200);
    },
  );

  test('reads a body that comes in pieces', async () => {
    const { app, requests } = await buildApp(ISSUED);
    const call = request(app).post('/v1/tokens').set('Content-Type', 'application/json');
    call.write('{"intent":"open_chat","device":"K');
    call.write(Buffer.from([0xc3]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    call.write(Buffer.from([0xbc]));
    call.write('che"}');

    const response = await call;

    expect(response.status).toBe(200);
    expect(requests[0]?.body.device).toBe('Küche');
  });
});
