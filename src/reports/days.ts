import type { DayTotals } from '../ledger/ledger.ts';

/** One UTC day of a month. */
export interface DayRow {
  /** `YYYY-MM-DD`. */
  day: string;
  /** Seen for the first time this month, by class. */
  new: Record<string, number>;
  minted: number;
  reused: number;
  /** By refusal code. */
  refused: Record<string, number>;
  /** Identities of the month up to and with this day. */
  cumulative: number;
}

/**
 * One row for every day of the month that has begun: all days of a past month, none of a future one.
 *
 * @param nowMs ms since the epoch
 */
export function buildDays(days: readonly DayTotals[], nowMs: number): DayRow[] {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  let cumulative = 0;
  return days
    .filter(({ day }) => day <= today)
    .map((totals) => {
      for (const count of Object.values(totals.newByClass)) cumulative += count;
      const { day, newByClass, minted, reused, refused } = totals;
      return { day, new: newByClass, minted, reused, refused, cumulative };
    });
}
