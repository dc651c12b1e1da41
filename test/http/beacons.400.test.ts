import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type BeaconGateway, openBeaconGateway, twilioToken } from './beacon-kit.ts';
import { expectProblem } from './expect-problem.ts';

let open: BeaconGateway;

beforeEach(async () => {
  open = await openBeaconGateway();
});

afterEach(() => open.gateway.server.drain());

const GOOD = { token: twilioToken(), state: 'connected' };

describe('POST /v1/beacons, 400', () => {
  test.each([
    ['text', 'connected'],
    ['half an object', '{"token":'],
    ['an empty body', ''],
    ['a list', `[${JSON.stringify(GOOD)}]`],
    ['null', 'null'],
    ['a form', 'token=x&state=connected'],
    ['deep nesting', '['.repeat(4000)],
  ])('refuses %s', async (_name, body) => {
    const response = await open.beacon(body);
    expectProblem(response, 'invalid-request', { errors: [{ pointer: '', detail: expect.any(String) }] });
  });

  test('reports all faults at once, each with its pointer', async () => {
    const response = await open.beacon({ state: 'away', at: 'now', identity: 'm_else', service: 'shop' });
    expectProblem(response, 'invalid-request', {
      errors: expect.arrayContaining([
        { pointer: '/token', detail: 'Is required.' },
        { pointer: '/state', detail: 'Must be one of connected, disconnected, failed.' },
        { pointer: '/at', detail: 'Must be an ISO-8601 instant in UTC that ends in Z.' },
        { pointer: '/identity', detail: expect.stringContaining('known are token, state, at') },
        { pointer: '/service', detail: expect.stringContaining('Unknown field') },
      ]),
    });
    expect(response.body.errors).toHaveLength(5);
  });

  test.each([
    1763672400,
    '2026-11-20',
    '2026-11-20T21:00Z',
    '2026-11-20T21:00:00',
    '2026-11-20T22:00:00+01:00',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    `2026-11-20T21:00:00.${'1'.repeat(5000)}Z`,
    null,
  ])('refuses the instant %j', async (at) => {
    const response = await open.beacon({ ...GOOD, at });
    const [fault] = response.body.errors;
    expect([response.status, fault.pointer]).toEqual([400, '/at']);
  });

  test.each(['', 7, null, { a: 1 }, 'a\nb'])('refuses the token %j', async (token) => {
    const response = await open.beacon({ ...GOOD, token });
    expectProblem(response, 'invalid-request', {
      errors: [{ pointer: '/token', detail: expect.any(String) }],
    });
  });

  test('says and logs nothing of the body, and writes nothing', async () => {
    const response = await open.beacon(`{"token":"s3cret","state":"s3cret"`);
    const other = await open.beacon({ token: 's3cret', state: 's3cret', at: 's3cret' });
    expect(response.text + other.text + JSON.stringify(open.events)).not.toContain('s3cret');
    expect(await open.writes()).toBe(0);
    expect(await open.metric('mauguard_beacons_total{state="s3cret",outcome="unauthenticated"}')).toBe(0);
  });
});
