// Only Redis has another server that takes over.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Hold } from '../../../../src/ledger/redis/lost-data/hold.ts';

const TIMES = { lookMs: 1_000, settleMs: 10_000, otherServerMs: 3_000 };
const ALL = { haveLooked: true, haveTold: true };
const NOT_LOOKED = { haveLooked: false, haveTold: false };
const NOT_TOLD = { haveLooked: true, haveTold: false };

let hold: Hold;
beforeEach(() => {
  hold = new Hold(TIMES);
  hold.looked('s1', ALL, 0);
});

describe('newcomers wait', () => {
  test('from a new connection until a look shows the same server', () => {
    hold.connected(10);
    expect(hold.waits(20)).toBe(true);
    hold.looked('s1', NOT_LOOKED, 30);
    expect(hold.waits(31)).toBe(false);
  });

  test('at another server until all have looked', () => {
    hold.connected(10);
    hold.looked('s2', NOT_LOOKED, 20);
    expect(hold.waits(2_000)).toBe(true);
    hold.looked('s2', ALL, 2_000);
    expect(hold.waits(2_001)).toBe(false);
    hold.failed(2_010);
    hold.looked('s2', NOT_LOOKED, 2_020);
    expect(hold.waits(2_021)).toBe(false);
  });

  test('at another server that only a look found', () => {
    hold.looked('s2', NOT_LOOKED, 1_000);
    expect(hold.waits(1_001)).toBe(true);
  });

  test('at another server for no longer than the fixed time', () => {
    hold.looked('s2', NOT_LOOKED, 1_000);
    hold.looked('s2', NOT_LOOKED, 3_999);
    expect(hold.waits(3_999)).toBe(true);
    hold.looked('s2', NOT_LOOKED, 4_001);
    expect(hold.waits(4_001)).toBe(false);
  });

  test('again, when the server before is back in the meantime, and gone again', () => {
    hold.looked('s2', NOT_LOOKED, 1_000);
    hold.looked('s1', NOT_LOOKED, 1_100);
    expect(hold.waits(1_101)).toBe(false);
    hold.looked('s2', NOT_LOOKED, 1_200);
    expect(hold.waits(4_100)).toBe(true);
  });

  test('after a loss until all have told, at most the fixed time from when it was announced', () => {
    hold.lossAnnounced(4_000, 0);
    hold.looked('s1', NOT_TOLD, 3_000);
    expect([hold.waits(5_999), hold.isTelling(5_999)]).toEqual([true, true]);
    hold.looked('s1', NOT_TOLD, 6_000);
    expect([hold.waits(6_001), hold.isTelling(6_001)]).toEqual([false, false]);
    hold.lossAnnounced(0, 7_000);
    hold.looked('s1', ALL, 7_100);
    expect([hold.waits(7_101), hold.isTelling(7_101)]).toEqual([false, false]);
  });

  test('when nobody has looked for long', () => {
    expect([hold.waits(5_000), hold.waits(5_001)]).toEqual([false, true]);
  });
});

describe('a server that does not say its name', () => {
  beforeEach(() => {
    hold = new Hold(TIMES);
    hold.looked('', ALL, 0);
  });

  test('lets newcomers wait the fixed time behind each new connection', () => {
    hold.connected(10);
    hold.looked('', ALL, 20);
    expect(hold.waits(3_009)).toBe(true);
    hold.looked('', ALL, 3_009);
    expect(hold.waits(3_010)).toBe(false);
  });

  test('does not let them wait for each call that failed', () => {
    hold.failed(10);
    expect(hold.waits(20)).toBe(false);
  });
});
