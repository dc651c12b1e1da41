import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import {
  type BeaconGateway,
  grantsOf,
  NOW_SECONDS,
  openBeaconGateway,
  PREVIOUS_KEY,
  SHOP,
  SHOP_KEY,
  SHOP_SERVICE,
  twilioToken,
} from './beacon-kit.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

let open: BeaconGateway;

beforeEach(async () => {
  open = await openBeaconGateway();
});

afterEach(() => open.gateway.server.drain());

const outcomes = (state: string, outcome: string) =>
  open.metric(`mauguard_beacons_total{state="${state}",outcome="${outcome}"}`);
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

describe('POST /v1/beacons, 204', () => {
  test('connected: the person who was minted for is connected now', async () => {
    const { token, identity } = await open.mint('ada');
    open.clock.advance(2 * MINUTE_MS);

    const response = await open.beacon({ token, state: 'connected' });

    expect([response.status, response.text]).toEqual([204, '']);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(await open.people()).toEqual([
      {
        identity,
        className: 'member',
        signals: { minted: 'gateway 2026-11-20T21:00', connected: 'beacon 2026-11-20T21:02' },
      },
    ]);
    expect(await outcomes('connected', 'recorded')).toBe(1);
  });

  test('disconnected proves that they were connected', async () => {
    const { token } = await open.mint('ada');
    expect((await open.beacon({ token, state: 'disconnected' })).status).toBe(204);
    expect((await open.people())[0]?.signals).toHaveProperty('connected', 'beacon 2026-11-20T21:00');
  });

  test('failed proves nothing: it is counted, and neither written nor a person', async () => {
    expect((await open.beacon({ token: twilioToken(), state: 'failed' })).status).toBe(204);
    expect(await open.people()).toEqual([]);
    expect(await outcomes('failed', 'noted')).toBe(1);
    expect(await open.writes()).toBe(0);
  });

  test('as application/json too, with or without a listed Origin', async () => {
    const { token } = await open.mint('ada');
    for (const origin of ['https://gateway.example', 'https://elsewhere.example', 'null']) {
      const body = { token, state: 'connected' };
      const response = await request(open.gateway.app).post('/v1/beacons').set('Origin', origin).send(body);
      expect(response.status).toBe(204);
    }
  });

  test('a listed Origin may read the answer', async () => {
    await open.gateway.server.drain();
    open = await openBeaconGateway({ env: { CORS_ORIGINS: 'https://app.example' } });
    const call = open.beacon({ token: twilioToken(), state: 'connected' });
    const { headers } = await call.set('Origin', 'https://app.example');
    expect(headers['access-control-allow-origin']).toBe('https://app.example');
    expect(headers['vary']).toBe('Origin');
  });

  test('with other credentials and cookies beside the token, which count for nothing', async () => {
    const call = open.beacon({ token: twilioToken(), state: 'connected' });
    const response = await call.set('Authorization', 'Bearer nonsense').set('Cookie', '__Host-mg_guest=x');
    expect(response.status).toBe(204);
  });
});

describe('a repeated beacon', () => {
  test('changes nothing and costs no write, however often it comes', async () => {
    const { token } = await open.mint('ada');
    for (let times = 0; times < 5; times += 1) {
      await open.beacon({ token, state: 'connected' });
      open.clock.advance(MINUTE_MS);
    }
    expect(await open.writes()).toBe(1);
    expect((await open.people())[0]?.signals['connected']).toBe('beacon 2026-11-20T21:00');
    expect([await outcomes('connected', 'recorded'), await outcomes('connected', 'repeated')]).toEqual([
      1, 4,
    ]);
  });

  test('also under another token, and with another time', async () => {
    const tokens = [1, 2, 3].map((mint) =>
      twilioToken({ claims: { jti: `x-${mint}`, iat: NOW_SECONDS - mint } }),
    );
    for (const [index, token] of tokens.entries()) {
      const at = iso(NOW_SECONDS + index * 60);
      expect((await open.beacon({ token, state: 'connected', at })).status).toBe(204);
    }
    expect(await open.writes()).toBe(1);
  });

  test('also when all come at once', async () => {
    const body = { token: twilioToken(), state: 'connected' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => open.beacon(body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await open.writes()).toBe(1);
  });

  test('is another one for another person or service; another state of the same instant proves no more', async () => {
    const shop = twilioToken({ key: SHOP_KEY, claims: grantsOf('m_ada', SHOP_SERVICE) });
    for (const token of [twilioToken(), twilioToken({ claims: grantsOf('m_grace') }), shop]) {
      for (const state of ['connected', 'disconnected']) await open.beacon({ token, state });
    }
    expect(await open.writes()).toBe(3);
  });
});

describe('two services', () => {
  test('each gets its own, as the token says', async () => {
    const claims = grantsOf('m_ada', SHOP_SERVICE);
    expect(
      (await open.beacon({ token: twilioToken({ key: SHOP_KEY, claims }), state: 'connected' })).status,
    ).toBe(204);
    expect(await open.people('2026-11', SHOP)).toHaveLength(1);
    expect(await open.people()).toEqual([]);
  });

  test('a key that both use is good for both', async () => {
    await open.gateway.server.drain();
    const yaml = `
services:
  shop:
    accountSid: AC${'1'.repeat(32)}
    serviceSid: ${SHOP_SERVICE}
    apiKey: { sid: SK${'2'.repeat(32)}, secretEnv: SHOP_SECRET }
`;
    open = await openBeaconGateway({ yaml, env: { SHOP_SECRET: 'signing-secret-of-the-tests' } });
    await open.beacon({ token: twilioToken(), state: 'connected' });
    await open.beacon({
      token: twilioToken({ claims: grantsOf('m_ada', SHOP_SERVICE) }),
      state: 'connected',
    });
    expect([await open.people(), await open.people('2026-11', SHOP)]).toEqual([
      [expect.anything()],
      [expect.anything()],
    ]);
  });
});

test('the previous key is good while keys rotate', async () => {
  const token = twilioToken({ key: PREVIOUS_KEY });
  expect((await open.beacon({ token, state: 'connected' })).status).toBe(204);
  expect(await open.people()).toHaveLength(1);
});

describe('the class of somebody whom the month does not know', () => {
  test.each([
    ['m_ada', 'member'],
    ['g_1f0c5a7e9b3d4c6688d2f1a0b9c8d7e6', 'guest'],
    ['ada@example.com', 'unknown'],
    ['M_ada', 'unknown'],
  ])('%s is %s', async (identity, className) => {
    await open.beacon({ token: twilioToken({ claims: grantsOf(identity) }), state: 'connected' });
    expect(await open.people()).toMatchObject([{ identity, className }]);
  });

  test('is unknown where identities are logins, whatever they begin with', async () => {
    await open.gateway.server.drain();
    open = await openBeaconGateway({ yaml: 'identity: { strategy: claim }' });
    await open.beacon({ token: twilioToken(), state: 'connected' });
    expect(await open.people()).toMatchObject([{ identity: 'm_ada', className: 'unknown' }]);
  });
});

describe('the time of it', () => {
  test.each([
    ['is what the beacon says', 5 * 60, '2026-11-20T21:05'],
    ['is never before the token', -86_400, '2026-11-20T21:00'],
    ['is never after its end', 30 * 86_400, '2026-11-20T22:00'],
  ])('%s', async (_name, offset, minute) => {
    open.clock.advance(HOUR_MS);
    await open.beacon({ token: twilioToken(), state: 'connected', at: iso(NOW_SECONDS + offset) });
    expect((await open.people())[0]?.signals['connected']).toBe(`beacon ${minute}`);
  });

  test.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2028-02-29T00:00:00.123456789Z'])(
    'may be absurd: %s',
    async (at) => {
      expect((await open.beacon({ token: twilioToken(), state: 'connected', at })).status).toBe(204);
      expect(await open.gateway.ledger.months('default' as never)).toEqual(['2026-11']);
    },
  );

  test('is the end of the token when the beacon comes after it', async () => {
    open.clock.advance(HOUR_MS + 9 * MINUTE_MS);
    await open.beacon({ token: twilioToken(), state: 'disconnected' });
    expect((await open.people())[0]?.signals['connected']).toBe('beacon 2026-11-20T22:00');
  });
});

describe('at the month’s turn', () => {
  test('a late beacon lands in the month of its own time', async () => {
    open.clock.set(Date.parse('2026-11-30T23:00:00Z'));
    const { token, expiresAt } = await open.mint('ada');
    expect(expiresAt < '2026-12-01').toBe(true);

    open.clock.set(Date.parse('2026-12-01T00:05:00Z'));
    await open.beacon({ token, state: 'connected', at: '2026-11-30T23:30:00Z' });
    await open.beacon({ token, state: 'disconnected' });

    expect((await open.people('2026-11'))[0]?.signals['connected']).toBe('beacon 2026-11-30T23:30');
    expect(await open.people('2026-12')).toEqual([]);
  });

  test('a token of two months is connected in each that it was seen in, and written once for each', async () => {
    open.clock.set(Date.parse('2026-11-30T23:59:30Z'));
    const { token } = await open.mint('ada');
    for (const instant of ['2026-11-30T23:59:40Z', '2026-12-01T00:10:00Z', '2026-12-01T00:20:00Z']) {
      open.clock.set(Date.parse(instant));
      await open.beacon({ token, state: 'connected' });
    }
    expect((await open.people('2026-11'))[0]?.signals['connected']).toBe('beacon 2026-11-30T23:59');
    expect((await open.people('2026-12'))[0]?.signals['connected']).toBe('beacon 2026-12-01T00:10');
    expect(await open.writes()).toBe(2);
  });
});

test('neither token, identity nor time of a beacon is logged', async () => {
  const token = twilioToken();
  await open.beacon({ token, state: 'connected', at: '2026-11-20T21:07:13Z' });
  await open.beacon({ token: `${token}x`, state: 'connected', at: '2026-11-20T21:07:13Z' });
  const lines = JSON.stringify(open.events);
  expect(lines).toContain('/v1/beacons');
  for (const part of [...token.split('.'), 'm_ada', '21:07']) expect(lines).not.toContain(part);
});
