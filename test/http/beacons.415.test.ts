import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type BeaconGateway, openBeaconGateway, twilioToken } from './beacon-kit.ts';
import { expectProblem } from './expect-problem.ts';

let open: BeaconGateway;

beforeEach(async () => {
  open = await openBeaconGateway();
});

afterEach(() => open.gateway.server.drain());

const beacon = () => open.beacon({ token: twilioToken(), state: 'connected' });

describe('POST /v1/beacons, 415', () => {
  test.each([
    'text/html',
    'text/plainer',
    'text/plain; charset=utf-16',
    'text/plain; charset=utf-8; boundary=x',
    'application/json; charset=latin1',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
  ])('refuses %s', async (type) => {
    expectProblem(await beacon().set('Content-Type', type), 'unsupported-media-type');
    expect(await open.writes()).toBe(0);
  });

  test('refuses a content encoding', async () => {
    expectProblem(await beacon().set('Content-Encoding', 'gzip'), 'unsupported-media-type');
  });

  test.each([
    'text/plain',
    'TEXT/PLAIN; charset="UTF-8"',
    'application/json',
    'application/json;charset=utf-8',
  ])('takes %s', async (type) => {
    expect((await beacon().set('Content-Type', type)).status).toBe(204);
  });

  test('the routes that cookies can use take no text/plain', async () => {
    const response = await open.post('/v1/guests').set('Content-Type', 'text/plain').send('{}');
    expectProblem(response, 'unsupported-media-type');
  });
});
