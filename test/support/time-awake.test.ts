import { afterEach, expect, jest, test } from '@jest/globals';
import { timeAwake } from './time-awake.ts';

afterEach(() => {
  jest.useRealTimers();
});

test('counts waiting, and not the times in which nothing ran here', async () => {
  jest.useFakeTimers();
  const awake = performance.now.bind(performance);
  let stoodStillMs = 0;
  performance.now = () => awake() + stoodStillMs;
  let finish = (_result: string) => {};
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const timing = timeAwake(() => work);
  jest.advanceTimersByTime(1_500);
  for (const ms of [300, 10_000]) {
    stoodStillMs += ms;
    jest.advanceTimersByTime(100);
  }
  finish('done');
  const { result, awakeMs } = await timing;
  expect(result).toBe('done');
  expect(awakeMs).toBeGreaterThanOrEqual(1_700);
  expect(awakeMs).toBeLessThan(1_720);
});
