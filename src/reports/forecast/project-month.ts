import type { MonthCurve } from './month-curve.ts';

/** How a month is thought to go on. */
export interface Projection {
  method: 'share-of-final' | 'seven-day-pace';
  /** Those of the earlier months that it goes by; none for the pace. */
  basis: readonly MonthCurve[];
  /** Identities at the month's end; `low` ≤ `mid` ≤ `high`, none below those of now. */
  low: number;
  mid: number;
  high: number;
  /**
   * How much of what is still to come is there at an instant, from 0 (now) to 1 (the month's end); rises.
   *
   * @param elapsed days since the month began, from now on
   */
  progress(elapsed: number): number;
}

const WINDOW_DAYS = 7;
/** A month that had begun so slowly says nothing about a small part of another. */
const SHARE_MIN = 0.02;
/**
 * How far what is still to come may fall short of, or exceed, the curve of an earlier month. The spread of earlier
 * months alone would make no band at all where there is only one.
 */
const CURVE_BAND = { low: 0.8, high: 1.25 };
/** The same for the pace. Wider, and further down: the longer a month runs, the fewer people are still new to it. */
const PACE_BAND = { low: 0.5, high: 1.25 };

/**
 * Projects a month from where it stands. With earlier whole months: by the share of all their identities that they
 * had at the same part of the month. Without: by the newcomers a day of the last seven days. A day without newcomers
 * moves either a little, never at once.
 *
 * @param used identities by now
 * @param elapsed days since the month began, with a fraction; at least 2, below the month's days
 * @param earlier whole months before, at most a few
 */
export function projectMonth(
  current: MonthCurve,
  used: number,
  elapsed: number,
  earlier: readonly MonthCurve[],
): Projection {
  const part = elapsed / current.days;
  const curves = earlier.filter((curve) => shareOf(curve, part) >= SHARE_MIN);
  if (curves.length === 0) return projectByPace(current, used, elapsed);

  const rests = curves.map((curve) => used / shareOf(curve, part) - used).sort((one, two) => one - two);
  const meanShare = (at: number) =>
    curves.reduce((sum, curve) => sum + shareOf(curve, at), 0) / curves.length;
  const share = meanShare(part);
  return {
    method: 'share-of-final',
    basis: curves,
    low: Math.round(used + CURVE_BAND.low * rests[0]!),
    mid: Math.round(used + median(rests)),
    high: Math.round(used + CURVE_BAND.high * rests.at(-1)!),
    progress: (at) => (share < 1 ? (meanShare(at / current.days) - share) / (1 - share) : 1),
  };
}

function projectByPace(current: MonthCurve, used: number, elapsed: number): Projection {
  const left = current.days - elapsed;
  // The first day is left out: it counts at once everybody who comes every day.
  const since = Math.max(1, elapsed - WINDOW_DAYS);
  const pace = Math.max(0, used - current.at(since)) / (elapsed - since);
  const rest = pace * left;
  return {
    method: 'seven-day-pace',
    basis: [],
    low: Math.round(used + PACE_BAND.low * rest),
    mid: Math.round(used + rest),
    high: Math.round(used + PACE_BAND.high * rest),
    progress: (at) => (at - elapsed) / left,
  };
}

/** @param part of the month, from 0 to 1: months differ in length */
function shareOf(curve: MonthCurve, part: number): number {
  return curve.final === 0 ? 0 : curve.at(part * curve.days) / curve.final;
}

function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
