import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Identity } from '../../src/domain/identity.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { signalsOf } from '../../src/domain/signal.ts';
import { auditOf } from '../ledger/contract/builders.ts';
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

test('who was erased and comes back is counted like one who never came', async () => {
  const { ledger } = open.gateway;
  const { token, identity } = await open.mint('ada');
  const beacon = (body: string) => open.beacon({ token: body, state: 'connected' });
  await beacon(token);
  const erasures = [{ identity: identity as Identity, pseudonym: 'erased_somebody' as Identity }];
  const terms = { audit: auditOf('erase', '2026-11-20T21:00:30Z'), expected: null, idempotency: null };
  await ledger.change(DEFAULT_SERVICE, { kind: 'erase', erasures }, terms);
  open.clock.advance(60_000);
  await beacon((await open.mint('ada')).token);
  const file = await ledger.identityFile(DEFAULT_SERVICE, identity as Identity);
  expect(signalsOf(file.months[0]!.record.mask)).toEqual(['minted', 'connected']);
});
