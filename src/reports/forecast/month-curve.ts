import type { DayTotals } from '../../ledger/ledger.ts';

/** How many identities a month had at any moment, from its days; rises and never falls. */
export interface MonthCurve {
  /** Days of the month. */
  days: number;
  /**
   * Identities at an instant.
   *
   * @param elapsed days since the month began, with a fraction; beyond the month's end: all of them
   */
  at(elapsed: number): number;
  /** Identities of the whole month. */
  final: number;
}

/** Within a day newcomers are spread evenly: what an hour brings says little about the next. */
export function buildMonthCurve(days: readonly Pick<DayTotals, 'newByClass'>[]): MonthCurve {
  const ends = [0];
  for (const { newByClass } of days) {
    const newcomers = Object.values(newByClass).reduce((sum, count) => sum + count, 0);
    ends.push(ends.at(-1)! + newcomers);
  }
  const final = ends.at(-1)!;
  return {
    days: days.length,
    final,
    at(elapsed) {
      if (elapsed <= 0) return 0;
      if (elapsed >= days.length) return final;
      const day = Math.floor(elapsed);
      const before = ends[day]!;
      return before + (ends[day + 1]! - before) * (elapsed - day);
    },
  };
}
