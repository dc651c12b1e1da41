import { describe, expect, it } from '@jest/globals';
import { settableClock } from './clock.ts';

describe('settableClock', () => {
  it('stands still until it is told otherwise', () => {
    const clock = settableClock(1_000);
    expect([clock.now(), clock.now()]).toEqual([1_000, 1_000]);
    clock.advance(500);
    expect(clock.now()).toBe(1_500);
    clock.set(42);
    expect(clock.now()).toBe(42);
  });
});
