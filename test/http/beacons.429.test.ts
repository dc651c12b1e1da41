import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type BeaconGateway, grantsOf, openBeaconGateway, twilioToken } from './beacon-kit.ts';
import { expectProblem } from './expect-problem.ts';
import { loginOf } from './guest-gateway.ts';

const MINUTE_MS = 60_000;

let open: BeaconGateway;

beforeEach(async () => {
  open = await openBeaconGateway({
    env: { TRUST_PROXY: 'loopback' },
    yaml: 'limits: { failedAuthenticationsPerMinute: 3 }',
  });
});

afterEach(() => open.gateway.server.drain());

describe('POST /v1/beacons, 429', () => {
  test('for the beacons of one identity, whatever they tell and under whichever token, until the minute is over', async () => {
    for (let mint = 0; mint < 60; mint += 1) {
      const state = ['connected', 'disconnected', 'failed'][mint % 3];
      const response = await open.beacon({ token: twilioToken({ claims: { jti: `x-${mint}` } }), state });
      expect(response.status).toBe(204);
    }
    const refused = await open.beacon({ token: twilioToken(), state: 'failed' });
    expectProblem(refused, 'rate-limited');
    expect(refused.headers['ratelimit-policy']).toBe('"beacons";q=60;w=60');
    expect(refused.headers['retry-after']).toBe('60');
    expect(await open.metric('mauguard_beacons_total{state="failed",outcome="rate-limited"}')).toBe(1);

    const other = twilioToken({ claims: grantsOf('m_grace') });
    expect((await open.beacon({ token: other, state: 'connected' })).status).toBe(204);
    open.clock.advance(MINUTE_MS);
    expect((await open.beacon({ token: twilioToken(), state: 'connected' })).status).toBe(204);
  });

  test('for too many failures of one address block; its good beacons are still taken', async () => {
    const forged = (address: string) =>
      open.beacon({ token: 'forged', state: 'connected' }).set('X-Forwarded-For', address);
    for (const last of [1, 2, 3]) expectProblem(await forged(`203.0.113.${last}`), 'unauthenticated');

    const refused = await forged('203.0.113.250');
    expectProblem(refused, 'rate-limited');
    expect(refused.headers['ratelimit-policy']).toBe('"failed-authentications";q=3;w=60');
    expectProblem(await forged('203.0.114.1'), 'unauthenticated');

    const good = open.beacon({ token: twilioToken(), state: 'connected' });
    expect((await good.set('X-Forwarded-For', '203.0.113.1')).status).toBe(204);
  });

  test('the stale beacons of an office take no place of its failed logins', async () => {
    for (let times = 0; times < 10; times += 1) await open.beacon({ token: 'stale', state: 'disconnected' });
    const login = open.post('/v1/tokens', { intent: 'open_chat' });
    expectProblem(await login.set('Authorization', 'Bearer wrong'), 'unauthenticated');
    const good = open.post('/v1/tokens', { intent: 'open_chat' });
    expect((await good.set('Authorization', loginOf('ada'))).status).toBe(200);
  });
});
