import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { type CompatGateway, LISTED, openCompatGateway, PATH } from './compat-kit.ts';
import { expectProblem } from './expect-problem.ts';
import { loginOf, YAML } from './guest-gateway.ts';

let open: CompatGateway;

afterEach(() => open.gateway.server.drain().catch(() => {}));

const ada = () => ({ Authorization: loginOf('ada') });

describe('/token, 404', () => {
  test.each(['get', 'post', 'head', 'options', 'delete'] as const)(
    'is no address at all unless it is configured: %s',
    async (method) => {
      open = await openCompatGateway('off');
      const ask = (path: string) =>
        request(open.gateway.app)
          [method](path)
          .set({ ...ada(), Origin: LISTED });
      const [here, elsewhere] = [await ask(PATH), await ask('/tokem')];
      const told = ({ status, text = '', headers }: typeof here) => [
        status,
        text.replaceAll(String(headers['x-request-id']), 'id').replaceAll('/tokem', PATH),
      ];
      expect(here.status).toBe(404);
      expect(told(here)).toEqual(told(elsewhere));
    },
  );

  test('for a service that is not configured', async () => {
    open = await openCompatGateway();
    expectProblem(await open.get(ada(), '?service=none'), 'not-found');
    expectProblem(await open.get(ada(), '/more'), 'not-found');
  });
});

describe('/token, 405', () => {
  test('HEAD does not mint', async () => {
    open = await openCompatGateway();
    const { status, headers } = await request(open.gateway.app).head(PATH).set(ada());
    expect([status, headers['allow']]).toEqual([405, 'GET, POST, OPTIONS']);
    expect((await open.counted()).people).toBe(0);
  });

  test('there is nothing to put or delete', async () => {
    open = await openCompatGateway();
    expectProblem(await request(open.gateway.app).put(PATH).set(ada()), 'method-not-allowed');
    expectProblem(await request(open.gateway.app).delete(PATH).set(ada()), 'method-not-allowed');
  });
});

describe('/token, 413 and 415', () => {
  test('a body that is too large, announced or not', async () => {
    open = await openCompatGateway('password');
    expectProblem(await open.send({}, { password: 'x'.repeat(9_000) }), 'payload-too-large');
    const chunked = request(open.gateway.app)
      .post(PATH)
      .set({ 'Content-Type': 'application/x-www-form-urlencoded', 'Transfer-Encoding': 'chunked' });
    chunked.write(`password=${'x'.repeat(9_000)}`);
    expectProblem(await chunked, 'payload-too-large');
  });

  test.each<[string, Record<string, string>]>([
    ['text', { 'Content-Type': 'text/plain' }],
    ['parts', { 'Content-Type': 'multipart/form-data; boundary=x' }],
    ['a form in another alphabet', { 'Content-Type': 'application/x-www-form-urlencoded; charset=latin1' }],
    ['packed', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }],
  ])('a body that is %s', async (_name, headers) => {
    open = await openCompatGateway();
    const response = await request(open.gateway.app)
      .post(PATH)
      .set({ ...ada(), ...headers })
      .send('{}');
    expectProblem(response, 'unsupported-media-type');
    expect((await open.counted()).people).toBe(0);
  });
});

describe('/token, 429', () => {
  test('one limit for a person, here and at /v1/tokens', async () => {
    open = await openCompatGateway('login', { yaml: `${YAML}limits: { tokenRequestsPerMinute: 3 }\n` });
    const statuses = [
      (await open.get(ada())).status,
      (await open.post('/v1/tokens', { intent: 'open_chat' }).set(ada())).status,
      (await open.send(ada())).status,
    ];
    expect(statuses).toEqual([200, 200, 200]);
    const refused = await open.get(ada());
    expectProblem(refused, 'rate-limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('guessing passwords, by address block', async () => {
    const yaml = `${YAML}limits: { failedAuthenticationsPerMinute: 2 }\n`;
    open = await openCompatGateway('password', { yaml });
    const statuses = [];
    for (const guess of ['a', 'b', 'c']) statuses.push((await open.get({}, `?password=${guess}`)).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await open.post('/v1/tokens', { intent: 'open_chat' })).status).toBe(429);
  });
});

describe('/token, 503', () => {
  test('while the ledger is away nobody gets a token', async () => {
    open = await openCompatGateway();
    await open.gateway.ledger.close();
    const response = await open.get(ada());
    expectProblem(response, 'ledger-unavailable');
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
  });
});
