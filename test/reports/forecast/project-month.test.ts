import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Month, parseMonth } from '../../../src/domain/month.ts';
import { findProjectedCrossing } from '../../../src/reports/forecast/find-crossing.ts';
import { buildMonthCurve, type MonthCurve } from '../../../src/reports/forecast/month-curve.ts';
import { projectMonth } from '../../../src/reports/forecast/project-month.ts';

const NOVEMBER = parseMonth('2026-11') as Month;
const DAYS = 30;

function curveOf(newcomers: readonly number[]): MonthCurve {
  return buildMonthCurve(newcomers.map((count) => ({ newByClass: { member: count } })));
}

/** A month as far as it has come: `elapsed` whole days, the rest empty. */
function soFar(newcomers: readonly number[], elapsed: number) {
  const days = Array.from({ length: DAYS }, (_, day) => (day < elapsed ? (newcomers[day] ?? 0) : 0));
  return { curve: curveOf(days), used: days.reduce((sum, count) => sum + count, 0) };
}

const newcomers = fc.array(fc.nat(400), { minLength: DAYS, maxLength: DAYS });
const earlierMonths = fc.array(
  fc.array(fc.nat(400), { minLength: 28, maxLength: 31 }).filter((days) => days.some((count) => count > 0)),
  { maxLength: 3 },
);
/** Days that are over. */
const elapsedDays = fc.integer({ min: 2, max: DAYS - 1 });

describe('a projection', () => {
  test('goes on as an earlier month went on', () => {
    const before = curveOf([100, 50, ...Array<number>(28).fill(10)]);
    const { curve, used } = soFar([200, 100, 20, 20, 20, 20, 20, 20, 20, 20], 10);
    const { method, low, mid, high } = projectMonth(curve, used, 10, [before]);
    // Twice as many as before, all along: twice as many at the end.
    expect({ method, mid }).toEqual({ method: 'share-of-final', mid: 2 * before.final });
    expect([low, high]).toEqual([used + 0.8 * (mid - used), used + 1.25 * (mid - used)]);
  });

  test('maps months of other lengths onto its own', () => {
    const february = curveOf(Array<number>(28).fill(10));
    const { curve, used } = soFar(Array<number>(DAYS).fill(10), 15);
    expect(projectMonth(curve, used, 15, [february]).mid).toBe(300);
  });

  test('without earlier months goes on at the pace of the last seven days', () => {
    const { curve, used } = soFar([500, 30, 30, 30, 30, 30, 30, 30, 30, 30], 10);
    expect(projectMonth(curve, used, 10, [])).toMatchObject({
      ...{ method: 'seven-day-pace', low: used + 300, mid: used + 600, high: used + 750 },
    });
  });

  test('leaves the first day out of the pace: it counts everybody who comes every day', () => {
    const { curve, used } = soFar([500, 30], 2);
    expect(projectMonth(curve, used, 2, []).mid).toBe(530 + 28 * 30);
  });

  test('does not rely on months that had hardly begun at this part', () => {
    const late = curveOf([0, 0, 0, ...Array<number>(27).fill(100)]);
    const { curve, used } = soFar([60, 10], 2);
    expect(projectMonth(curve, used, 2, [late]).method).toBe('seven-day-pace');
  });
});

describe('whatever the days, a projection', () => {
  test('is a rising band that never falls below what is counted', () => {
    fc.assert(
      fc.property(
        newcomers,
        earlierMonths,
        elapsedDays,
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (days, earlier, whole, part) => {
          const { curve, used } = soFar(days, whole);
          const { low, mid, high } = projectMonth(curve, used, whole + part, earlier.map(curveOf));
          expect(used).toBeLessThanOrEqual(low);
          expect(low).toBeLessThanOrEqual(mid);
          expect(mid).toBeLessThanOrEqual(high);
          expect(Number.isFinite(high)).toBe(true);
        },
      ),
    );
  });

  test('does not jump at a day without data: it falls, by no more than what was still to come', () => {
    fc.assert(
      fc.property(newcomers, earlierMonths, fc.integer({ min: 2, max: DAYS - 2 }), (days, earlier, whole) => {
        const { curve, used } = soFar(days, whole);
        const curves = earlier.map(curveOf);
        const before = projectMonth(curve, used, whole, curves);
        const after = projectMonth(curve, used, whole + 1, curves);
        fc.pre(before.method === after.method);
        expect(after.mid).toBeGreaterThanOrEqual(used);
        if (before.method === 'share-of-final') {
          fc.pre(curves.length === 1);
          expect(after.mid).toBeLessThanOrEqual(before.mid);
        } else {
          // The empty day can push a quiet day out of the window, but brings nobody itself.
          const week = Math.max(0, used - curve.at(Math.max(1, whole - 7)));
          expect(after.mid).toBeLessThanOrEqual(
            used + Math.ceil((week * (DAYS - whole - 1)) / Math.min(7, whole)),
          );
        }
      }),
    );
  });

  test('gets certain towards the end', () => {
    fc.assert(
      fc.property(
        newcomers,
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 30, maxLength: 30 }),
        (days, earlier) => {
          const { curve, used } = soFar(days, DAYS);
          const { low, high } = projectMonth(curve, used, DAYS - 1e-9, [curveOf(earlier)]);
          expect([low, high]).toEqual([used, used]);
        },
      ),
    );
  });
});

describe('the day on which a limit is crossed', () => {
  test('is there exactly when the projection reaches the limit, and comes no later for a smaller one', () => {
    fc.assert(
      fc.property(
        newcomers,
        earlierMonths,
        elapsedDays,
        fc.nat(20_000),
        fc.nat(500),
        (days, earlier, elapsed, above, less) => {
          const { curve, used } = soFar(days, elapsed);
          const projection = projectMonth(curve, used, elapsed, earlier.map(curveOf));
          const limit = used + 1 + above;
          const cross = (final: number, at: number) =>
            findProjectedCrossing(
              projection,
              { month: NOVEMBER, days: DAYS },
              { used, final, limitAt: () => at, elapsed },
            );
          const dates = [projection.high, projection.mid, projection.low].map((final) => cross(final, limit));
          expect(dates.map((date) => date !== null)).toEqual(
            [projection.high, projection.mid, projection.low].map((final) => final >= limit),
          );
          const known = dates.filter((date) => date !== null);
          expect(known).toEqual([...known].sort());
          for (const date of known) {
            expect(date >= `2026-11-${String(elapsed + 1).padStart(2, '0')}` && date <= '2026-11-30').toBe(
              true,
            );
          }
          const sooner = cross(projection.mid, Math.max(used + 1, limit - less));
          if (dates[1] != null) expect(sooner! <= dates[1]).toBe(true);
        },
      ),
    );
  });
});
