import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthEndSeconds, monthOf, monthStartSeconds } from '../../src/domain/month.ts';
import { planTokenLife, refreshAtSeconds, reuseEndsSeconds } from '../../src/domain/token-life.ts';

const at = (instant: string) => Date.parse(instant);
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** A plan as a reader of a clock would tell it. */
function planned(instant: string, ttlSeconds: number, spread = 0) {
  const { issuedAt, expiresAt, month, otherMonth } = planTokenLife(at(instant), ttlSeconds, spread);
  return { from: iso(issuedAt), to: iso(expiresAt), month, otherMonth };
}

describe('planTokenLife', () => {
  test.each([
    [
      'in the middle of a month: the whole life, one month',
      planned('2026-11-20T21:00:00.123Z', 3600),
      { from: '2026-11-20T21:00:00Z', to: '2026-11-20T22:00:00Z', month: '2026-11', otherMonth: null },
    ],
    [
      'the last life that still ends 5 s before the month does',
      planned('2026-11-30T22:59:55Z', 3600),
      { from: '2026-11-30T22:59:55Z', to: '2026-11-30T23:59:55Z', month: '2026-11', otherMonth: null },
    ],
    [
      'a second later it is cut to the same end',
      planned('2026-11-30T22:59:56Z', 3600),
      { from: '2026-11-30T22:59:56Z', to: '2026-11-30T23:59:55Z', month: '2026-11', otherMonth: null },
    ],
    [
      'people are cut at different seconds of the last minute',
      planned('2026-11-30T23:30:00Z', 3600, 55),
      { from: '2026-11-30T23:30:00Z', to: '2026-11-30T23:59:00Z', month: '2026-11', otherMonth: null },
    ],
    [
      'the last cut that leaves 300 s',
      planned('2026-11-30T23:54:55Z', 3600),
      { from: '2026-11-30T23:54:55Z', to: '2026-11-30T23:59:55Z', month: '2026-11', otherMonth: null },
    ],
    [
      'a second later both months must admit, and the life is whole',
      planned('2026-11-30T23:54:56Z', 3600),
      { from: '2026-11-30T23:54:56Z', to: '2026-12-01T00:54:56Z', month: '2026-11', otherMonth: '2026-12' },
    ],
    [
      'the last millisecond of a year belongs to it',
      planned('2026-12-31T23:59:59.999Z', 300),
      { from: '2026-12-31T23:59:59Z', to: '2027-01-01T00:04:59Z', month: '2026-12', otherMonth: '2027-01' },
    ],
    [
      'the first seconds of a month reach back into the one before',
      planned('2027-01-01T00:00:04.999Z', 3600),
      { from: '2027-01-01T00:00:04Z', to: '2027-01-01T01:00:04Z', month: '2027-01', otherMonth: '2026-12' },
    ],
    [
      'from the fifth second on they do not',
      planned('2027-01-01T00:00:05Z', 3600),
      { from: '2027-01-01T00:00:05Z', to: '2027-01-01T01:00:05Z', month: '2027-01', otherMonth: null },
    ],
    [
      'the leap day is a day of February',
      planned('2024-02-29T12:00:00Z', 86_400),
      { from: '2024-02-29T12:00:00Z', to: '2024-02-29T23:59:55Z', month: '2024-02', otherMonth: null },
    ],
  ])('%s', (_name, plan, expected) => {
    expect(plan).toEqual(expected);
  });

  const lives = fc.record({
    // Half of the instants lie around the turn of a month, where everything happens.
    nowMs: fc.oneof(
      fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2036-01-01T00:00:00Z') }),
      fc
        .tuple(
          fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2036-01-01T00:00:00Z') }),
          fc.integer({ min: -90_000_000, max: 10_000 }),
        )
        .map(([ms, offset]) => monthEndSeconds(monthOf(ms)) * 1000 + offset),
      fc
        .tuple(
          fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2036-01-01T00:00:00Z') }),
          fc.integer({ min: -400_000, max: 10_000 }),
        )
        .map(([ms, offset]) => monthEndSeconds(monthOf(ms)) * 1000 + offset),
    ),
    ttlSeconds: fc.integer({ min: 300, max: 86_400 }),
    spread: fc.integer({ min: 0, max: 65_535 }),
  });

  test('a token never outlives its accounting', () => {
    fc.assert(
      fc.property(lives, ({ nowMs, ttlSeconds, spread }) => {
        const { issuedAt, expiresAt, month, otherMonth } = planTokenLife(nowMs, ttlSeconds, spread);
        // `exp` is the first instant at which the token is void, so 5 s after it is the first that may not be valid.
        const touched = new Set([
          monthOf((issuedAt - 5) * 1000),
          monthOf(issuedAt * 1000),
          monthOf((expiresAt + 5) * 1000 - 1),
        ]);
        const named = new Set(otherMonth === null ? [month] : [month, otherMonth]);
        expect(named).toEqual(touched);
      }),
      { numRuns: 2_000 },
    );
  });

  test('its life is as wanted, or ends 5 to 60 s before the month with 300 s or more left', () => {
    fc.assert(
      fc.property(lives, ({ nowMs, ttlSeconds, spread }) => {
        const { issuedAt, expiresAt, month } = planTokenLife(nowMs, ttlSeconds, spread);
        expect(issuedAt).toBe(Math.floor(nowMs / 1000));
        expect(month).toBe(monthOf(nowMs));
        if (expiresAt - issuedAt === ttlSeconds) return;
        expect(expiresAt - issuedAt).toBeGreaterThanOrEqual(300);
        expect(expiresAt - issuedAt).toBeLessThan(ttlSeconds);
        const early = monthEndSeconds(month) - expiresAt;
        expect(early).toBeGreaterThanOrEqual(5);
        expect(early).toBeLessThanOrEqual(60);
      }),
      { numRuns: 2_000 },
    );
  });

  test('spreads the cut over every second from 5 to 60 before the end', () => {
    const nowMs = at('2026-11-30T23:30:00Z');
    const monthEnd = monthEndSeconds(monthOf(nowMs));
    const cuts = new Set(
      Array.from({ length: 1000 }, (_, spread) => monthEnd - planTokenLife(nowMs, 3600, spread).expiresAt),
    );
    expect([...cuts].sort((a, b) => a - b)).toEqual(Array.from({ length: 56 }, (_, index) => index + 5));
  });

  test('the same person is cut at the same second, whenever they ask', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer({ min: 0, max: 3_000 }),
        fc.integer({ min: 0, max: 3_000 }),
        (spread, first, second) => {
          const start = at('2026-11-30T23:00:00Z');
          const { expiresAt } = planTokenLife(start + first * 1000, 7200, spread);
          expect(planTokenLife(start + second * 1000, 7200, spread).expiresAt).toBe(expiresAt);
        },
      ),
    );
  });

  test('names a month at its first instant as the month of the token', () => {
    const start = monthStartSeconds(monthOf(at('2026-12-15T00:00:00Z')));
    expect(planTokenLife(start * 1000, 3600, 0)).toMatchObject({ month: '2026-12', otherMonth: '2026-11' });
    expect(planTokenLife(start * 1000 - 1, 3600, 0)).toMatchObject({
      month: '2026-11',
      otherMonth: '2026-12',
    });
  });
});

describe('reuseEndsSeconds', () => {
  test.each([
    [3600, 1800],
    [421, 210.5],
    [420, 210],
    [419, 209],
    [300, 90],
    [299, 149.5],
    [60, 30],
  ])('a token with a life of %i s is given out again for %d s', (life, expected) => {
    expect(reuseEndsSeconds(1_000_000, 1_000_000 + life)).toBe(1_000_000 + expected);
  });
});

describe('refreshAtSeconds', () => {
  test.each([
    [86_400, 69_120],
    [3600, 2880],
    [1051, 840],
    [1050, 840],
    [1049, 839],
    [1000, 790],
    [600, 390],
    [300, 90],
    [299, 239],
    [60, 48],
  ])('a life of %i s is refreshed after %i s', (life, expected) => {
    expect(refreshAtSeconds(1_000_000, 1_000_000 + life)).toBe(1_000_000 + expected);
  });

  test('leaves time to ask again before the token ends, and never asks at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 86_400 }), (life) => {
        const refreshAt = refreshAtSeconds(0, life);
        expect(Number.isInteger(refreshAt)).toBe(true);
        expect(refreshAt).toBeGreaterThanOrEqual(Math.min(48, 0.8 * life));
        expect(refreshAt).toBeLessThanOrEqual(0.8 * life);
        expect(life - refreshAt).toBeGreaterThanOrEqual(life < 300 ? 12 : 210);
      }),
    );
  });
});
