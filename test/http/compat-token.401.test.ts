import { afterEach, describe, expect, test } from '@jest/globals';
import { type CompatGateway, openCompatGateway } from './compat-kit.ts';
import { expectProblem } from './expect-problem.ts';
import { cookieOf, loginOf, ORIGIN } from './guest-gateway.ts';

let open: CompatGateway;

afterEach(async () => {
  expect((await open.counted()).people).toBe(0);
  await open.gateway.server.drain();
});

const password = loginOf('ada').slice('Bearer '.length);

describe('/token, 401', () => {
  test.each<[string, Record<string, string>, string]>([
    ['nobody', {}, ''],
    ['an identity without a credential', {}, '?identity=ada'],
    ['a login that fails', { Authorization: 'Bearer demo-ada-guessed' }, ''],
    ['a forged guest', { Authorization: 'Guest g' }, ''],
    ['a key that nobody has', { 'X-Api-Key': 'x', 'X-Subject': 'ada' }, ''],
  ])('%s', async (_name, headers, query) => {
    open = await openCompatGateway();
    const response = await open.get(headers, query);
    expectProblem(response, 'unauthenticated');
    expect(response.headers['www-authenticate']).toMatch(/^Bearer realm="mau-guard"/);
    expectProblem(await open.send(headers, undefined, query), 'unauthenticated');
  });

  test.each([
    ['a wrong password', `${password}x`],
    ['no password in the field', ''],
    ['a scheme in front of it', `Bearer%20${password}`],
    ['a guest in its place', 'Guest%20g'],
    ['a line end in it', `${password}%0D%0AX-Api-Key:x`],
    ['letters that no header holds', '%F0%9F%98%80'],
  ])('%s', async (_name, encoded) => {
    open = await openCompatGateway('password');
    expectProblem(await open.get({}, `?identity=ada&password=${encoded}`), 'unauthenticated');
  });

  test('a password that fails is not made good by a cookie', async () => {
    open = await openCompatGateway('password');
    const Cookie = cookieOf(await open.post('/v1/guests')) as string;
    expectProblem(await open.get({ Cookie, Origin: ORIGIN }, '?password='), 'unauthenticated');
  });
});
