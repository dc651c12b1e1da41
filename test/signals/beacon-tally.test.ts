import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DEFAULT_SERVICE, parseServiceName, type ServiceName } from '../../src/domain/service-name.ts';
import { createBeaconTally } from '../../src/signals/beacon-tally.ts';

const SHOP = parseServiceName('shop') as ServiceName;
const MIDNIGHT = Date.parse('2026-12-01T00:00:00Z');

let calls: [service: string, beacons: number, at: number][];
let isAway: boolean;

/** Only when and how often the ledger is called is under test. */
const ledger = {
  async countBeacons(service: string, beacons: number, at: number) {
    calls.push([service, beacons, at]);
    if (isAway) throw new Error('away');
  },
};

beforeEach(() => {
  jest.useFakeTimers();
  [calls, isAway] = [[], false];
});
afterEach(() => {
  jest.useRealTimers();
});

test('a second of beacons is one call for each service and day', () => {
  const tally = createBeaconTally(ledger);
  for (let times = 0; times < 500; times += 1) tally(DEFAULT_SERVICE, MIDNIGHT - 1_000 + times);
  tally(DEFAULT_SERVICE, MIDNIGHT);
  tally(SHOP, MIDNIGHT);
  tally(SHOP, MIDNIGHT + 1);
  jest.advanceTimersByTime(999);
  expect(calls).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(calls).toEqual([
    ['default', 500, MIDNIGHT - 1_000],
    ['default', 1, MIDNIGHT],
    ['shop', 2, MIDNIGHT],
  ]);
});

test('no beacons, no calls', () => {
  const tally = createBeaconTally(ledger);
  tally(SHOP, MIDNIGHT);
  jest.advanceTimersByTime(60_000);
  expect(calls).toHaveLength(1);
});

test('a ledger that is away loses the count, and nobody hears of it', async () => {
  const tally = createBeaconTally(ledger);
  isAway = true;
  tally(SHOP, MIDNIGHT);
  await jest.advanceTimersByTimeAsync(1_000);
  isAway = false;
  tally(SHOP, MIDNIGHT);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(calls.map(([, beacons]) => beacons)).toEqual([1, 1]);
});
