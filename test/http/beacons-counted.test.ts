import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { type BeaconGateway, grantsOf, openBeaconGateway, twilioToken } from './beacon-kit.ts';

const NOVEMBER = parseMonth('2026-11') as Month;

let open: BeaconGateway;

beforeEach(async () => {
  open = await openBeaconGateway();
});

afterEach(() => open.gateway.server.drain());

const counted = async () => (await open.gateway.ledger.totals(DEFAULT_SERVICE, NOVEMBER)).beacons;

async function untilCounted(beacons: number): Promise<void> {
  for (let attempt = 0; (await counted()) < beacons; attempt += 1) {
    if (attempt === 200) throw new Error(`${await counted()} beacons are counted`);
    await pause(50);
  }
}

test('beacons that are written are counted in the ledger within seconds; others are not', async () => {
  for (const state of ['connected', 'connected', 'failed'])
    await open.beacon({ token: twilioToken(), state });
  await open.beacon({ token: `${twilioToken()}x`, state: 'connected' });
  await untilCounted(1);
  await open.beacon({ token: twilioToken(), state: 'connected' });
  await open.beacon({ token: twilioToken({ claims: grantsOf('m_grace') }), state: 'connected' });
  await untilCounted(2);
  expect(await counted()).toBe(2);
  const days = await open.gateway.ledger.days(DEFAULT_SERVICE, NOVEMBER);
  expect(days.filter(({ beacons }) => beacons > 0)).toMatchObject([{ day: '2026-11-20', beacons: 2 }]);
});
