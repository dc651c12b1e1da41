import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { expectProblem } from './expect-problem.ts';
import { loginOf, YAML } from './guest-gateway.ts';
import { openUnreadGateway, PATH, type UnreadGateway } from './unread-kit.ts';

let open: UnreadGateway;

afterEach(() => open.gateway.server.drain());

const ada = () => ({ Authorization: loginOf('ada') });
const invalid = { errors: expect.any(Array) };

describe('GET /v1/me/unread', () => {
  test.each<[string, Record<string, string>]>([
    ['nobody', {}],
    ['a login that fails', { Authorization: 'Bearer demo-ada-guessed' }],
    ['a forged guest', { Authorization: 'Guest g' }],
    ['a key that nobody has', { 'X-Api-Key': 'x', 'X-Subject': 'ada' }],
  ])('refuses %s: 401', async (_name, headers) => {
    open = await openUnreadGateway();
    expectProblem(await open.unread(headers), 'unauthenticated');
  });

  test('refuses two credentials: 400', async () => {
    open = await openUnreadGateway();
    const two = await open.unread({ ...ada(), 'X-Api-Key': 'x', 'X-Subject': 'ada' });
    expectProblem(two, 'invalid-request', invalid);
    const sent = request(open.gateway.app).get(PATH);
    const twice = await sent.set('Authorization', [loginOf('ada'), 'Guest g'] as never);
    expectProblem(twice, 'invalid-request', invalid);
  });

  test.each(['?who=m_bob', '?service=shop&service=default', '?identity=x'])(
    'takes no %s: 400',
    async (query) => {
      open = await openUnreadGateway();
      expectProblem(await open.unread(ada(), `${PATH}${query}`), 'invalid-request', invalid);
    },
  );

  test('lists so many faults of a query and no more, whoever asks', async () => {
    open = await openUnreadGateway();
    const names = Array.from({ length: 1_000 }, (_, number) => `a${number}`);
    const response = await open.unread({}, `${PATH}?${names.join('&')}`);
    expectProblem(response, 'invalid-request', invalid);
    expect(response.body.errors).toHaveLength(21);
    expect(response.body.errors.at(-1).detail).toBe('980 more faults are not listed.');
  });

  test('knows the configured services only: 404', async () => {
    open = await openUnreadGateway();
    expectProblem(await open.unread(ada(), `${PATH}?service=none`), 'not-found');
    expectProblem(await open.unread(ada(), '/v1/me'), 'not-found');
  });

  test('is read only: 405', async () => {
    open = await openUnreadGateway();
    const response = await open.post(PATH);
    expectProblem(response, 'method-not-allowed');
    expect(response.headers['allow']).toBe('GET, HEAD, OPTIONS');
  });

  test('has a limit of its own for each person: 429', async () => {
    open = await openUnreadGateway();
    for (let times = 0; times < 120; times += 1) expect((await open.unread(ada())).status).toBe(200);
    const refused = await open.unread(ada());
    expectProblem(refused, 'rate-limited');
    expect(refused.headers['ratelimit-policy']).toBe('"unread-requests";q=120;w=60');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // Neither other people nor this one's tokens are touched by it.
    expect((await open.unread({ Authorization: loginOf('grace') })).status).toBe(200);
    expect((await open.post('/v1/tokens', { intent: 'open_chat' }).set(ada())).status).toBe(200);
  });

  test('limits failures by address block: 429', async () => {
    open = await openUnreadGateway({ yaml: `${YAML}\nlimits: { failedAuthenticationsPerMinute: 2 }\n` });
    const statuses = [];
    for (let attempt = 0; attempt < 3; attempt += 1) statuses.push((await open.unread({})).status);
    expect(statuses).toEqual([401, 401, 429]);
  });

  test('says 503 while the ledger is away, rather than nothing', async () => {
    open = await openUnreadGateway();
    await open.gateway.ledger.close();
    expectProblem(await open.unread(ada()), 'ledger-unavailable');
  });
});
