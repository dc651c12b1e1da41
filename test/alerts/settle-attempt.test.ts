import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { settleAttempt } from '../../src/alerts/settle-attempt.ts';

const NOW = Date.parse('2026-11-20T21:00:00Z');
const HOUR_MS = 3_600_000;
const failed = (retryAfterMs: number | null = null) =>
  ({ outcome: 'failed', error: 'answered 500', retryAfterMs }) as const;

function delayOf(attempts: number, random: number, retryAfterMs: number | null = null): number | null {
  const terms = { attempts, attemptsMax: 100, nowMs: NOW, random };
  const { dueAt } = settleAttempt(failed(retryAfterMs), terms);
  return dueAt === null ? null : dueAt - NOW;
}

describe('an attempt', () => {
  const terms = { attempts: 1, attemptsMax: 3, nowMs: NOW, random: 0.5 };

  it('that succeeded ends the delivery', () => {
    expect(settleAttempt({ outcome: 'delivered' }, terms)).toEqual({
      at: NOW,
      state: 'delivered',
      dueAt: null,
      error: null,
    });
  });

  it('at a target that wants no more ends it too, at once', () => {
    expect(settleAttempt({ outcome: 'unwanted', error: 'answered 410' }, terms)).toEqual({
      at: NOW,
      state: 'given-up',
      dueAt: null,
      error: 'answered 410',
    });
  });

  it('that failed is made again, and given up after the last', () => {
    expect(settleAttempt(failed(), { ...terms, attempts: 2 })).toMatchObject({
      state: 'pending',
      error: 'answered 500',
    });
    for (const attempts of [3, 4]) {
      expect(settleAttempt(failed(0), { ...terms, attempts })).toMatchObject({
        state: 'given-up',
        dueAt: null,
      });
    }
  });
});

describe('an attempt that a stop has cut off', () => {
  it.each([1, 3, 4])('is due again at once, also as attempt %i of three', (attempts) => {
    const outcome = { outcome: 'cut-off', error: 'cut off' } as const;
    expect(settleAttempt(outcome, { attempts, attemptsMax: 3, nowMs: NOW, random: 0.5 })).toEqual({
      ...{ at: NOW, state: 'pending', dueAt: NOW + 1_000, error: 'cut off' },
    });
  });
});

describe('the pause before the next attempt', () => {
  it.each([
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
    [10, 2_560_000],
    [11, HOUR_MS],
    [99, HOUR_MS],
  ])('is after attempt %i a random part of %i ms', (attempts, interval) => {
    expect(delayOf(attempts, 0.5)).toBe(interval / 2);
    expect(delayOf(attempts, 0.999_999_999)).toBe(interval);
  });

  it('is as long as the target asks for, up to an hour', () => {
    expect(delayOf(1, 0.1, 120_000)).toBe(120_000);
    expect(delayOf(1, 0.1, 86_400_000)).toBe(HOUR_MS);
  });

  it('is never shorter than a second nor longer than an hour', () => {
    const retryAfter = fc.option(fc.integer({ min: 0, max: 10 * HOUR_MS }));
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), random, retryAfter, (attempts, part, asked) => {
        const delay = delayOf(attempts, part, asked) ?? Number.NaN;
        return Number.isInteger(delay) && delay >= 1_000 && delay <= HOUR_MS;
      }),
    );
  });
});
