import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { type CompatGateway, openCompatGateway, PATH } from './compat-kit.ts';
import { expectProblem } from './expect-problem.ts';
import { loginOf } from './guest-gateway.ts';

let open: CompatGateway;

afterEach(async () => {
  expect(await open.counted()).toEqual({ people: 0, minted: 0, reused: 0 });
  await open.gateway.server.drain();
});

const ada = () => ({ Authorization: loginOf('ada') });
const password = loginOf('ada').slice('Bearer '.length);
const at = (...pointers: string[]) => ({
  errors: pointers.map((pointer) => ({ pointer, detail: expect.any(String) })),
});

describe('/token, 400', () => {
  test('several credentials: a header and a password', async () => {
    open = await openCompatGateway('password');
    const query = `?password=${password}`;
    expectProblem(await open.get(ada(), query), 'invalid-request', at('password'));
    expectProblem(await open.send(ada(), { password }), 'invalid-request', at('password'));
    const key = { 'X-Api-Key': 'x', 'X-Subject': 'ada' };
    expectProblem(await open.get(key, query), 'invalid-request', at('password'));
  });

  test('several credentials in the headers', async () => {
    open = await openCompatGateway();
    const two = await open.get({ ...ada(), 'X-Api-Key': 'x', 'X-Subject': 'ada' });
    expectProblem(two, 'invalid-request', at('Authorization'));
    const twice = await request(open.gateway.app)
      .get(PATH)
      .set('Authorization', [loginOf('ada'), loginOf('grace')] as never);
    expectProblem(twice, 'invalid-request', at('Authorization'));
    expectProblem(
      await open.get({ Authorization: `${loginOf('ada')}, ${loginOf('grace')}` }),
      'invalid-request',
      at('Authorization'),
    );
  });

  test('a password twice, in one place or in two', async () => {
    open = await openCompatGateway('password');
    const query = `?password=${password}`;
    const twice = await open.get({}, `${query}&password=${password}`);
    expectProblem(twice, 'invalid-request', at('?password'));
    expectProblem(await open.send({}, { password }, query), 'invalid-request', at('/password'));
  });

  test('a password where none is taken, which is not passed over', async () => {
    open = await openCompatGateway('login');
    const response = await open.get(ada(), `?identity=ada&password=${password}`);
    expectProblem(response, 'invalid-request', at('?password'));
    expect(response.body.errors[0].detail).toContain('Authorization header');
    expectProblem(await open.send({}, { password }), 'invalid-request', at('/password'));
  });

  test.each(['intent=page_load', 'Identity=ada', '__proto__=1', 'constructor=1', 'ttl=86400'])(
    'the unknown name of %s, which is not repeated',
    async (field) => {
      open = await openCompatGateway();
      const response = await open.get(ada(), `?${field}`);
      expectProblem(response, 'invalid-request', at('?'));
      expect(response.text).not.toContain(field.split('=')[0]);
      expectProblem(await open.send(ada(), field), 'invalid-request', at(''));
    },
  );

  test.each<[string, object | string, string]>([
    ['a number', { service: 1 }, '/service'],
    ['a list', { password: ['a'] }, '/password'],
    ['nothing', { identity: null }, '/identity'],
    ['an empty text', 'service=', '/service'],
    ['a name that is too long', { service: 'a'.repeat(65) }, '/service'],
  ])('%s in a field', async (_name, body, pointer) => {
    open = await openCompatGateway('password');
    expectProblem(await open.send({}, body), 'invalid-request', at(pointer));
  });

  test.each<[string, string, string | Buffer]>([
    ['JSON that is none', 'application/json', '{"service":'],
    ['JSON that is no object', 'application/json', '["service"]'],
    ['an empty body of JSON', 'application/json', ''],
    ['bytes that are no text', 'application/x-www-form-urlencoded', Buffer.from([0x61, 0x3d, 0xff])],
  ])('%s', async (_name, type, body) => {
    open = await openCompatGateway();
    const response = await request(open.gateway.app)
      .post(PATH)
      .set({ ...ada(), 'Content-Type': type })
      .send(body as string);
    expectProblem(response, 'invalid-request', at(''));
  });

  test('is counted as denied', async () => {
    open = await openCompatGateway();
    await open.get(ada(), '?x=1');
    await open.gateway.metricsServer.listen(0, '127.0.0.1');
    const { text } = await request(open.gateway.metricsServer.http).get('/metrics');
    await open.gateway.metricsServer.close();
    expect(text).toContain('mauguard_denied_total{reason="invalid-request"} 1');
  });
});
