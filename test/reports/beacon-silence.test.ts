import { expect, test } from '@jest/globals';
import { findBeaconSilence } from '../../src/reports/beacon-silence.ts';

const NOW = Date.parse('2026-11-04T00:00:00Z');

function day(number: number, minted: number, newByClass: Record<string, number>, beacons = 0) {
  return { day: `2026-11-0${number}`, minted, newByClass, beacons };
}

test('a month without data is silent, and has nobody to miss', () => {
  expect(findBeaconSilence([], NOW)).toEqual({ lastDay: null, mintDays: 0, newcomers: 0 });
});

test('days count from the last one with a beacon to the last that is over', () => {
  const days = [
    day(1, 9, { member: 9 }, 8),
    day(2, 9, { member: 3, guest: 4, address: 2, unknown: 6 }),
    day(3, 0, { member: 5 }),
    day(4, 9, { member: 9 }),
  ];
  expect(findBeaconSilence(days, NOW)).toEqual({ lastDay: '2026-11-01', mintDays: 1, newcomers: 7 });
  expect(findBeaconSilence(days, NOW - 1)).toEqual({ lastDay: '2026-11-01', mintDays: 1, newcomers: 7 });
  expect(findBeaconSilence(days, NOW + 86_400_000)).toMatchObject({ mintDays: 2, newcomers: 16 });
  expect(findBeaconSilence(days.slice(1), NOW)).toMatchObject({ lastDay: null, mintDays: 1 });
});

test('no more newcomers than mints: the others came without a token', () => {
  expect(findBeaconSilence([day(1, 4, { member: 90 }), day(2, 90, { member: 5 })], NOW)).toEqual({
    ...{ lastDay: null, mintDays: 2, newcomers: 9 },
  });
});
