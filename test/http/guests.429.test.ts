import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { expectProblem } from './expect-problem.ts';
import { cookieOf, type GuestGateway, openGuestGateway } from './guest-gateway.ts';

const HOUR_MS = 3_600_000;

let open: GuestGateway;

beforeEach(async () => {
  open = await openGuestGateway({ env: { TRUST_PROXY: 'loopback' } });
});

afterEach(() => open.gateway.server.drain());

const enterFrom = (address: string, cookie: string | null = null) => {
  const call = open.post('/v1/guests').set('X-Forwarded-For', address);
  return cookie === null ? call : call.set('Cookie', cookie);
};
const statuses = async (...addresses: string[]) => {
  const answers: number[] = [];
  for (const address of addresses) answers.push((await enterFrom(address)).status);
  return answers;
};

describe('POST /v1/guests, 429', () => {
  test('for too many new guests of one address block, until the hour is over', async () => {
    expect(await statuses('203.0.113.1', '203.0.113.2', '203.0.113.250')).toEqual([200, 200, 200]);
    open.clock.advance(600_000);
    const response = await enterFrom('203.0.113.7');

    expectProblem(response, 'rate-limited');
    expect(response.headers['retry-after']).toBe('3000');
    expect(response.headers['ratelimit-policy']).toBe('"new-guests";q=3;w=3600');
    expect(response.headers['ratelimit']).toBe('"new-guests";r=0;t=3000');
    expect(response.headers).not.toHaveProperty('set-cookie');

    open.clock.advance(HOUR_MS - 600_000);
    expect(await statuses('203.0.113.7')).toEqual([200]);
  });

  test('not for the neighbours', async () => {
    await statuses('203.0.113.1', '203.0.113.1', '203.0.113.1');
    expect(await statuses('203.0.113.1', '203.0.114.1', '2001:db8:1::1')).toEqual([429, 200, 200]);
  });

  test('for a whole IPv6 /48, which one attacker may hold', async () => {
    const block = ['2001:db8:1:1::1', '2001:db8:1:2::1', '2001:db8:1:ffff::1', '2001:db8:1:3::9'];
    expect(await statuses(...block, '2001:db8:2::1')).toEqual([200, 200, 200, 429, 200]);
  });

  test('not for guests who are known, whatever their network does', async () => {
    const cookie = cookieOf(await enterFrom('203.0.113.1'));
    await statuses('203.0.113.1', '203.0.113.1', '203.0.113.1');
    expect((await enterFrom('203.0.113.1', cookie)).status).toBe(200);
  });

  test('forged credentials take places like any new guest', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await open.post('/v1/guests', { credential: `g${attempt}` }).set('X-Forwarded-For', '203.0.113.1');
    }
    expect(await statuses('203.0.113.1')).toEqual([429]);
  });

  test('for one guest who asks all the time, since each of their requests reads the ledger', async () => {
    const cookie = cookieOf(await enterFrom('203.0.113.1'));
    for (let attempt = 0; attempt < 60; attempt += 1) {
      expect((await enterFrom('203.0.113.1', cookie)).status).toBe(200);
    }
    const response = await enterFrom('203.0.113.1', cookie);
    expectProblem(response, 'rate-limited');
    expect(response.headers['ratelimit-policy']).toBe('"guest-requests";q=60;w=60');
    expect((await enterFrom('203.0.113.1')).status).toBe(200);
  });
});
