// Only Redis has another server that takes over.
import { beforeEach, expect, test } from '@jest/globals';
import { Coverage } from '../../../../src/ledger/redis/lost-data/coverage.ts';

const at = (name: string, written: number) => ({ name, written, before: null });
const after = (name: string, hasUpTo: number, before = 's1') => ({
  ...{ epoch: 'e2', epochBefore: 'e1' },
  server: { name, written: hasUpTo, before: { name: before, hasUpTo } },
});

let coverage: Coverage;
beforeEach(() => {
  coverage = new Coverage();
  for (const second of [1, 2, 3, 4]) {
    coverage.note({ epoch: 'e1', server: at('s1', second * 100) }, second * 10);
  }
});

test('what came before a look is in everything that the server had written by then', () => {
  expect(coverage.upTo(after('s2', 350))).toBe(30);
  expect(coverage.upTo(after('s2', 300))).toBe(30);
  expect(coverage.upTo(after('s2', 299))).toBe(20);
  expect(coverage.upTo(after('s2', 99))).toBe(0);
});

test('so it is while nobody has announced a loss', () => {
  expect(coverage.upTo({ ...after('s2', 350), epoch: 'e1', epochBefore: null })).toBe(30);
});

test('nothing is known of a server that took over from another one, from nobody, or of an emptied one', () => {
  expect(coverage.upTo(after('s3', 350, 's2'))).toBe(0);
  expect(coverage.upTo({ ...after('s2', 350), server: at('s2', 350) })).toBe(0);
  expect(coverage.upTo({ ...after('s2', 350), epochBefore: '' })).toBe(0);
});

test('only the last looks are kept', () => {
  for (let second = 5; second <= 40; second++) {
    coverage.note({ epoch: 'e1', server: at('s1', second * 100) }, second * 10);
  }
  expect(coverage.upTo(after('s2', 350))).toBe(0);
  expect(coverage.upTo(after('s2', 4_000))).toBe(400);
  expect(coverage.doubtfulFrom(after('s2', 350))).toBe(250);
});

test('who was looked for, or told, is not looked for again', () => {
  expect(coverage.doubtfulFrom(after('s2', 250))).toBe(20);
  coverage.settled(45);
  expect(coverage.doubtfulFrom(after('s2', 250))).toBe(45);
});
