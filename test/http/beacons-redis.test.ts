import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { type BeaconGateway, openBeaconGateway, YAML } from './beacon-kit.ts';

/* The other tests of beacons run on the embedded ledger, which one process has for itself; here two share Redis. */

let server: RedisServer;
let gateways: BeaconGateway[];

beforeEach(async () => {
  server = await startRedisServer();
  const env = { REDIS_URL: server.url, LEDGER_PATH: undefined };
  // Generous: a busy machine may be late for the deadline that ships, and everybody is asked once.
  const given = { env, yaml: `${YAML}ledger: { deadlineMs: 10000 }\n` };
  gateways = await Promise.all([openBeaconGateway(given), openBeaconGateway(given)]);
});

afterEach(async () => {
  await Promise.all(gateways.map(({ gateway }) => gateway.server.drain()));
  await server.stop();
});

test('two gateways on one Redis: each writes once, and the earliest time holds', async () => {
  const [one, other] = gateways as [BeaconGateway, BeaconGateway];
  for (const gateway of [one, other]) await expectReady(gateway);
  const { token, identity } = await one.mint('ada');
  for (const gateway of [one, other]) gateway.clock.advance(600_000);

  const at = '2026-11-20T21:05:00Z';
  expect((await one.beacon({ token, state: 'connected' })).status).toBe(204);
  for (let times = 0; times < 3; times += 1) {
    expect((await other.beacon({ token, state: 'connected', at })).status).toBe(204);
  }

  expect(await one.people()).toEqual([
    {
      ...{ identity, className: 'member' },
      signals: { minted: 'gateway 2026-11-20T21:00', connected: 'beacon 2026-11-20T21:05' },
    },
  ]);
  expect([await one.writes(), await other.writes()]).toEqual([1, 1]);
});

async function expectReady({ gateway }: BeaconGateway): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await gateway.ledger.ping(DEFAULT_SERVICE);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
