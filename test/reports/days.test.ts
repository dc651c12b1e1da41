import { describe, expect, it } from '@jest/globals';
import { daysAnswerSchema } from '../../src/contract.ts';
import type { DayTotals } from '../../src/ledger/ledger.ts';
import { buildDays } from '../../src/reports/days.ts';

function november(fill: Record<number, Partial<DayTotals>> = {}): DayTotals[] {
  return Array.from({ length: 30 }, (_, index) => ({
    day: `2026-11-${String(index + 1).padStart(2, '0')}`,
    newByClass: {},
    newByHour: Array.from({ length: 24 }, () => 0),
    minted: 0,
    reused: 0,
    refused: {},
    beacons: 0,
    ...fill[index + 1],
  }));
}

describe('the days of a month', () => {
  it.each([
    ['2026-11-01T00:00:00.000Z', 1],
    ['2026-11-20T23:59:59.999Z', 20],
    ['2026-11-30T23:59:59.999Z', 30],
    ['2026-12-05T00:00:00.000Z', 30],
    ['2026-10-31T23:59:59.999Z', 0],
  ])('have, at %s, %i rows', (now, rows) => {
    expect(buildDays(november(), Date.parse(now))).toHaveLength(rows);
  });

  it('carry the sum of newcomers along', () => {
    const days = buildDays(
      november({
        1: { newByClass: { member: 3, guest: 1 }, minted: 5, reused: 2, refused: { forbidden: 1 } },
        3: { newByClass: { address: 2 } },
      }),
      Date.parse('2026-11-03T08:00:00Z'),
    );
    expect(days).toEqual([
      {
        day: '2026-11-01',
        new: { member: 3, guest: 1 },
        minted: 5,
        reused: 2,
        refused: { forbidden: 1 },
        cumulative: 4,
      },
      { day: '2026-11-02', new: {}, minted: 0, reused: 0, refused: {}, cumulative: 4 },
      { day: '2026-11-03', new: { address: 2 }, minted: 0, reused: 0, refused: {}, cumulative: 6 },
    ]);
    expect(daysAnswerSchema.safeParse({ days }).success).toBe(true);
  });
});
