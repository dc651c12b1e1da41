import { afterEach, describe, expect, test } from '@jest/globals';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { type CompatGateway, LISTED, openCompatGateway } from './compat-kit.ts';
import { expectProblem } from './expect-problem.ts';
import { cookieOf, loginOf, NOW_MS, ORIGIN, YAML } from './guest-gateway.ts';

let open: CompatGateway;

afterEach(() => open.gateway.server.drain());

const ada = () => ({ Authorization: loginOf('ada') });
const guestCookie = async () => cookieOf(await open.post('/v1/guests')) as string;

describe('/token, 403', () => {
  test.each<[string, Record<string, string>]>([
    ['nothing says where it comes from', {}],
    ['an image or a link of another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'image' }],
    ['a script of another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['a neighbour of the same site', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Dest': 'empty' }],
    ['the address bar', { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document' }],
    ['an image in a page of ours', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'image' }],
    ['a link in a page of ours', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'document' }],
    ['an origin that hides', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }],
  ])('a cookie alone by GET, where %s', async (_name, headers) => {
    open = await openCompatGateway();
    expectProblem(await open.get({ Cookie: await guestCookie(), ...headers }), 'forbidden');
    expect((await open.counted()).people).toBe(0);
  });

  test.each<[string, Record<string, string>]>([
    ['no Origin', { 'Sec-Fetch-Site': 'same-origin' }],
    ['a foreign Origin', { Origin: 'https://evil.example' }],
  ])('a cookie alone by POST of JSON with %s', async (_name, headers) => {
    open = await openCompatGateway();
    expectProblem(await open.send({ Cookie: await guestCookie(), ...headers }, {}), 'forbidden');
  });

  test.each<[string, string | undefined]>([
    ['a form', 'service=default'],
    ['no body', undefined],
  ])('a cookie alone by POST of %s: the refusal says what is wanted', async (_name, body) => {
    open = await openCompatGateway();
    const response = await open.send({ Cookie: await guestCookie(), Origin: ORIGIN }, body);
    expectProblem(response, 'forbidden', { detail: expect.stringContaining('JSON body') });
    expect((await open.counted()).people).toBe(0);
  });

  test('the session cookie of the app is under the same rule', async () => {
    const session =
      'session: { url: "https://app.example/session", cookieName: sid, issuer: "https://login.example.com/" }';
    open = await openCompatGateway('login', { yaml: `${YAML}${session}\n` });
    expectProblem(await open.get({ Cookie: 'sid=1', 'Sec-Fetch-Site': 'cross-site' }), 'forbidden');
    expectProblem(await open.send({ Cookie: 'sid=1', Origin: LISTED }, 'service=default'), 'forbidden');
  });

  test.each<[string, Record<string, string>]>([
    ['fetched ahead', { 'Sec-Purpose': 'prefetch' }],
    ['rendered ahead', { 'Sec-Purpose': 'prefetch;prerender' }],
    ['fetched ahead, in an older word', { Purpose: 'prefetch' }],
  ])('a GET that is only %s', async (_name, headers) => {
    open = await openCompatGateway();
    expectProblem(await open.get({ ...ada(), ...headers }), 'lazy-connect-required', {
      ...{ intent: 'open_chat', allowedIntents: expect.any(Array), when: 'visible' },
    });
    expect((await open.counted()).minted).toBe(0);
  });

  test('a crawler', async () => {
    open = await openCompatGateway();
    const robot = {
      'User-Agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    };
    const members = { intent: 'open_chat', allowedIntents: expect.any(Array) };
    expectProblem(await open.get({ ...ada(), ...robot }), 'lazy-connect-required', members);
    expect((await open.counted()).minted).toBe(0);
  });

  test('a request without an Origin, where one is required', async () => {
    open = await openCompatGateway('login', { yaml: `${YAML}connect: { requireOrigin: true }\n` });
    expectProblem(await open.get(ada()), 'forbidden');
    expect((await open.get({ ...ada(), Origin: LISTED })).status).toBe(200);
    expect((await open.get({ ...ada(), 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    // A form is trusted with no cookie, but it does have an Origin.
    expect((await open.send({ ...ada(), Origin: LISTED }, 'service=default')).status).toBe(200);
  });

  test('a newcomer beyond the budget, with its numbers', async () => {
    open = await openCompatGateway();
    const budget = budgetOf({ scopes: { all: 1 } });
    await open.gateway.ledger.configureBudget(DEFAULT_SERVICE, monthOf(NOW_MS), budget);
    expect((await open.get(ada())).status).toBe(200);
    expectProblem(await open.get({ Authorization: loginOf('grace') }), 'mau-budget-exhausted', {
      ...{ budget: 'all', limit: 1, used: 1, resetsAt: '2026-12-01T00:00:00Z' },
    });
    expect((await open.counted()).people).toBe(1);
  });

  test('whatever else the policy refuses', async () => {
    open = await openCompatGateway('login', {
      yaml: `${YAML}intents: { open_chat: deny, notification: allow }\n`,
    });
    expectProblem(await open.get(ada()), 'lazy-connect-required', {
      ...{ intent: 'open_chat', allowedIntents: ['notification'] },
    });
  });
});
