import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { type BeaconGateway, openBeaconGateway, twilioToken } from './beacon-kit.ts';
import { expectProblem } from './expect-problem.ts';

let open: BeaconGateway;

afterEach(() => open.gateway.server.drain());

describe('POST /v1/beacons, 503', () => {
  test('while the ledger is away: nothing is claimed, and the same beacon is asked for again', async () => {
    const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
    open = await openBeaconGateway({ env: { REDIS_URL, LEDGER_PATH: undefined } });
    for (let times = 1; times <= 2; times += 1) {
      const response = await open.beacon({ token: twilioToken(), state: 'connected' });
      expectProblem(response, 'ledger-unavailable');
      expect(response.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect(await open.metric('mauguard_beacons_total{state="connected",outcome="unavailable"}')).toBe(2);
  });

  test('what needs no ledger is answered all the same', async () => {
    const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
    open = await openBeaconGateway({ env: { REDIS_URL, LEDGER_PATH: undefined } });
    expect((await open.beacon({ token: twilioToken(), state: 'failed' })).status).toBe(204);
    expectProblem(await open.beacon({ token: 'forged', state: 'connected' }), 'unauthenticated');
  });
});
