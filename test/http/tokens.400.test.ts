import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { refused } from '../../src/domain/refusal.ts';
import { type BuiltApp, buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';
import { closeListeners, listenOn } from './listen-on.ts';

afterEach(closeListeners);

async function post(body: string | Buffer | object): Promise<BuiltApp & { response: request.Response }> {
  const built = await buildApp(ISSUED);
  const call = request(built.app).post('/v1/tokens').set('Content-Type', 'application/json');
  if (Buffer.isBuffer(body)) call.write(body);
  return { ...built, response: await (Buffer.isBuffer(body) ? call : call.send(body)) };
}

describe('POST /v1/tokens, 400', () => {
  test.each([
    ['text', 'open_chat'],
    ['half an object', '{"intent":'],
    ['an empty body', ''],
    ['null', 'null'],
    ['a list', '[{"intent":"open_chat"}]'],
    ['a string', '"open_chat"'],
    ['a number', '1'],
    ['a byte order mark', '\ufeff{"intent":"open_chat"}'],
    ['broken UTF-8', Buffer.from('7b22696e74656e74223a22ff227d', 'hex')],
    ['deep nesting', '['.repeat(4000)],
  ])('refuses %s', async (_name, body) => {
    const { response, requests } = await post(body);

    expectProblem(response, 'invalid-request', { errors: [{ pointer: '', detail: expect.any(String) }] });
    expect(requests).toEqual([]);
  });

  test('never quotes the input', async () => {
    const { response, events } = await post('{"humanToken":"s3cret"');
    expect(response.text + JSON.stringify(events)).not.toContain('s3cret');
  });

  test('reports all faults at once, each with its pointer', async () => {
    const { response } = await post({
      service: '',
      tabState: 'asleep',
      device: 'x'.repeat(65),
      humanToken: 7,
      identity: 'm_someone-else',
      'a/b~c': true,
    });

    expectProblem(response, 'invalid-request', {
      errors: expect.arrayContaining([
        { pointer: '/intent', detail: 'Is required.' },
        { pointer: '/service', detail: 'Must not be empty.' },
        { pointer: '/tabState', detail: 'Must be one of focused, visible, hidden.' },
        { pointer: '/device', detail: 'Must have at most 64 characters.' },
        { pointer: '/humanToken', detail: expect.stringContaining('string') },
        { pointer: '/identity', detail: expect.stringContaining('known are intent, service,') },
        { pointer: '/a~1b~0c', detail: expect.stringContaining('Unknown field') },
      ]),
    });
    expect(response.body.errors).toHaveLength(7);
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'an unknown field %s is no exception',
    async (field) => {
      const { response } = await post(`{"intent":"open_chat","${field}":{"service":"x"}}`);
      expectProblem(response, 'invalid-request', {
        errors: [{ pointer: `/${field}`, detail: expect.any(String) }],
      });
    },
  );

  test('a value nested thousands deep is one fault', async () => {
    const { response } = await post(`{"intent":${'['.repeat(3000)}${']'.repeat(3000)}}`);
    expectProblem(response, 'invalid-request', {
      errors: [{ pointer: '/intent', detail: expect.any(String) }],
    });
  });

  test.each(['\u0000', '\n', '\u001b[31m', '\u007f', '\u0085'])(
    'refuses control characters: %j',
    async (control) => {
      const { response } = await post({ intent: `open${control}chat`, device: `a${control}` });
      expectProblem(response, 'invalid-request', {
        errors: [
          { pointer: '/intent', detail: 'Must not hold control characters.' },
          { pointer: '/device', detail: 'Must not hold control characters.' },
        ],
      });
    },
  );

  test('lists twenty faults at most and says so', async () => {
    const { response } = await post(
      Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`f${at}`, 1])),
    );
    expect(response.body.errors).toHaveLength(20);
    expect(response.body.detail).toContain('481 more');
  });

  test('is logged and counted by code, with no word of the body', async () => {
    const { events, metrics, response } = await post({ intent: 'open_chat', device: 'x'.repeat(65) });
    expect((await metrics.expose()).text).toContain('mauguard_denied_total{reason="invalid-request"} 1');
    expect(events).toEqual([
      {
        level: 'info',
        time: '2026-11-20T21:00:00.123Z',
        event: 'http.request',
        method: 'POST',
        route: '/v1/tokens',
        status: 400,
        durationMs: expect.any(Number),
        requestId: response.headers['x-request-id'],
        code: 'invalid-request',
      },
    ]);
  });

  test('passes on what issueToken finds wrong, without a line of its own', async () => {
    const refusal = refused('invalid-request', {
      detail: 'Send one credential only.',
      errors: [{ pointer: 'X-Api-Key', detail: 'There is a bearer token, too.' }],
    });
    const { app, events } = await buildApp(refusal);

    const response = await request(app).post('/v1/tokens').send({ intent: 'open_chat' });

    expectProblem(response, 'invalid-request', { detail: refusal.detail, errors: refusal.errors });
    expect(events).toEqual([]);
  });

  test.each([
    ['Authorization', ['Authorization: Bearer a', 'authorization: Bearer b']],
    ['X-Api-Key', ['X-Api-Key: a', 'x-api-key: b', 'X-Subject: ada']],
    ['X-Subject', ['X-Api-Key: a', 'X-Subject: ada', 'X-Subject: eve']],
  ])('refuses two %s headers, of which Node would show one', async (pointer, credentials) => {
    const { app, requests } = await buildApp(ISSUED);
    const { port } = await listenOn(app);
    const body = '{"intent":"open_chat"}';
    const head = ['Host: x', ...credentials, 'Content-Type: application/json'];

    const answer = await exchange(port, `${head.join('\r\n')}\r\nContent-Length: ${body.length}`, body);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain(`"errors":[{"pointer":"${pointer}","detail":"Must be sent once."}]`);
    expect(requests).toEqual([]);
  });

  test('a client that leaves in the middle of its body is nobody’s business', async () => {
    const { app, requests, events } = await buildApp(ISSUED);
    const { port } = await listenOn(app);
    const socket = connect(port, '127.0.0.1');
    const head =
      'POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{';

    await new Promise<void>((resolve) => socket.write(head, () => setTimeout(resolve, 50)));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(requests).toEqual([]);
    expect(events).toEqual([]);
  });
});

function exchange(port: number, head: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write(`POST /v1/tokens HTTP/1.1\r\nConnection: close\r\n${head}\r\n\r\n${body}`);
  });
}
