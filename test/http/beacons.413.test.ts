import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type BeaconGateway, openBeaconGateway, twilioToken } from './beacon-kit.ts';
import { expectProblem } from './expect-problem.ts';

const BYTES_MAX = 8192;

let open: BeaconGateway;

beforeEach(async () => {
  open = await openBeaconGateway();
});

afterEach(() => open.gateway.server.drain());

/** A good beacon, filled up with space. */
function beaconOf(bytes: number): string {
  return JSON.stringify({ token: twilioToken(), state: 'connected' }).padEnd(bytes);
}

describe('POST /v1/beacons, 413', () => {
  test('one byte more than 8 KB', async () => {
    expect((await open.beacon(beaconOf(BYTES_MAX))).status).toBe(204);
    expectProblem(await open.beacon(beaconOf(BYTES_MAX + 1)), 'payload-too-large');
  });

  test('a giant token', async () => {
    const token = twilioToken({ claims: { padding: 'x'.repeat(100_000) } });
    expectProblem(await open.beacon({ token, state: 'connected' }), 'payload-too-large');
    expect(await open.people()).toEqual([]);
  });

  test('without a length as well', async () => {
    const call = open.beacon('');
    call.unset('Content-Length').set('Transfer-Encoding', 'chunked');
    for (let piece = 0; piece < 10; piece += 1) call.write('x'.repeat(1000));
    expectProblem(await call, 'payload-too-large');
  });
});
