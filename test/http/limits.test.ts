import { describe, expect, test } from '@jest/globals';
import { addressBlockOf, createRateLimiter } from '../../src/http/limits.ts';
import { settableClock } from '../support/clock.ts';

describe('the rate limiter', () => {
  test('allows so many takes in the minute that begins with the first', () => {
    const clock = settableClock(1_000);
    const limiter = createRateLimiter({ perMinute: 2, clock });

    expect(limiter.take('a')).toEqual({ allowed: true, limit: 2, windowSeconds: 60, retryAfterSeconds: 60 });
    clock.advance(59_000);
    expect(limiter.take('a').allowed).toBe(true);
    expect(limiter.take('a')).toEqual({ allowed: false, limit: 2, windowSeconds: 60, retryAfterSeconds: 1 });
    expect(limiter.take('b').allowed).toBe(true);
    clock.advance(1_000);
    expect(limiter.take('a')).toMatchObject({ allowed: true, retryAfterSeconds: 60 });
  });

  test('never says to come back at once', () => {
    const clock = settableClock(0);
    const limiter = createRateLimiter({ perMinute: 0, clock });
    limiter.take('a');
    clock.advance(59_999);
    expect(limiter.take('a')).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
  });

  test('a clock that is set back locks nobody out for longer than a minute', () => {
    const clock = settableClock(10_000_000);
    const limiter = createRateLimiter({ perMinute: 1, clock });
    limiter.take('a');
    clock.set(1_000_000);
    expect(limiter.take('a')).toMatchObject({ allowed: true, retryAfterSeconds: 60 });
  });

  test('counts in windows of an hour when told', () => {
    const clock = settableClock(0);
    const limiter = createRateLimiter({ perHour: 1, clock });
    expect(limiter.take('a')).toEqual({
      allowed: true,
      limit: 1,
      windowSeconds: 3600,
      retryAfterSeconds: 3600,
    });
    clock.advance(3_599_000);
    expect(limiter.take('a')).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    clock.advance(1_000);
    expect(limiter.take('a').allowed).toBe(true);
  });

  test('takes the limit of the take before its own', () => {
    const limiter = createRateLimiter({ perMinute: 1, clock: settableClock(0) });
    expect(limiter.take('a', 2)).toMatchObject({ allowed: true, limit: 2 });
    expect(limiter.take('a', 2).allowed).toBe(true);
    expect(limiter.take('a', 2).allowed).toBe(false);
  });

  test('says without a take whether the last one was one too many', () => {
    const clock = settableClock(0);
    const limiter = createRateLimiter({ perMinute: 1, clock });
    expect(limiter.look('a').allowed).toBe(true);
    limiter.take('a');
    expect([limiter.look('a').allowed, limiter.look('a').allowed]).toEqual([true, true]);
    limiter.take('a');
    clock.advance(20_000);
    expect(limiter.look('a')).toEqual({ allowed: false, limit: 1, windowSeconds: 60, retryAfterSeconds: 40 });
    clock.advance(40_000);
    expect(limiter.look('a').allowed).toBe(true);
  });

  test('remembers a bounded number of keys, the latest', () => {
    const limiter = createRateLimiter({ perMinute: 1, clock: settableClock(0), keysMax: 2 });
    for (const key of ['a', 'b', 'c']) limiter.take(key);
    expect(limiter.take('c').allowed).toBe(false);
    expect(limiter.take('a').allowed).toBe(true);
  });
});

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  ['::ffff:203.0.113.99', '203.0.113.0/24'],
  ['2001:db8:1:2::3', '2001:db8:1::/48'],
  ['2001:db8:1:ffff::', '2001:db8:1::/48'],
  ['2001:db8:2::3', '2001:db8:2::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['nonsense', 'unknown'],
  [undefined, 'unknown'],
])('the block of %s is %s', (address, block) => {
  expect(addressBlockOf(address)).toBe(block);
});
