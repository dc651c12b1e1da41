import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { expectProblem } from './expect-problem.ts';
import { type GuestGateway, ORIGIN, openGuestGateway } from './guest-gateway.ts';

let open: GuestGateway;

beforeAll(async () => {
  open = await openGuestGateway();
});

afterAll(() => open.gateway.server.drain());

const PATHS = ['/v1/guests', '/v1/links'];

describe.each(PATHS)('POST %s refuses a body', (path) => {
  const send = (body: string, type = 'application/json') =>
    request(open.gateway.app).post(path).set('Origin', ORIGIN).set('Content-Type', type).send(body);

  test.each<[string, string, string]>([
    ['that is empty', '', ''],
    ['that is no JSON', '{', ''],
    ['that is no object', '[]', ''],
    ['with an unknown field', '{"guest":"x"}', '/guest'],
    ['that names the person', '{"guestId":"g_1"}', '/guestId'],
    ['with an empty credential', '{"credential":""}', '/credential'],
    ['with a credential that is no text', '{"credential":1}', '/credential'],
    ['with an endless credential', JSON.stringify({ credential: 'x'.repeat(129) }), '/credential'],
    ['with control characters', '{"credential":"a\\u0000"}', '/credential'],
    ['with a service that is no text', '{"service":null}', '/service'],
  ])('%s: 400', async (_name, body, pointer) => {
    const response = await send(body);
    expectProblem(response, 'invalid-request', { errors: [{ pointer, detail: expect.any(String) }] });
    expect(response.headers).not.toHaveProperty('set-cookie');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])(
    'as %s, which a page of another site could send: 415',
    async (type) => {
      expectProblem(await send('{}', type), 'unsupported-media-type');
    },
  );

  test('that is too large: 413', async () => {
    expectProblem(await send(JSON.stringify({ credential: 'x'.repeat(9_000) })), 'payload-too-large');
  });

  test('for a service that does not exist: 404', async () => {
    expectProblem(await send('{"service":"nowhere"}'), 'not-found');
  });

  test('and knows POST only: 405', async () => {
    expectProblem(await request(open.gateway.app).get(path), 'method-not-allowed');
  });
});

test('a wish for anything but a cookie or a credential is refused', async () => {
  const response = await open.post('/v1/guests', { want: 'both' });
  expectProblem(response, 'invalid-request', { errors: [{ pointer: '/want', detail: expect.any(String) }] });
});
