import { type Month, monthStartSeconds } from '../../domain/month.ts';
import type { DayTotals } from '../../ledger/ledger.ts';
import { buildMonthCurve } from './month-curve.ts';
import type { Projection } from './project-month.ts';

const DAY_SECONDS = 86_400;

/** A projected month held against its limits. */
export interface Crossing {
  used: number;
  /** Projected identities of the whole month. */
  final: number;
  /** The limit in force at an instant, whole seconds since the epoch: a raise may end within the month. */
  limitAt: (at: number) => number;
  /** Days since the month began. */
  elapsed: number;
}

/** The first day, `YYYY-MM-DD`, at whose end a projected month holds as many identities as it may then, or null when none is. */
export function findProjectedCrossing(
  { progress }: Pick<Projection, 'progress'>,
  { month, days }: { month: Month; days: number },
  { used, final, limitAt, elapsed }: Crossing,
): string | null {
  if (final < limitAt(lastSecondOf(month, days - 1))) return null;
  for (let day = Math.floor(elapsed); day < days - 1; day += 1) {
    const atEnd = used + (final - used) * progress(Math.max(elapsed, day + 1));
    // Half an identity less: what is compared with was rounded.
    if (atEnd >= limitAt(lastSecondOf(month, day)) - 0.5) return dayName(month, day);
  }
  return dayName(month, days - 1);
}

/** The day on which a month came to hold `limit` identities, or null. */
export function findCrossing(month: Month, days: readonly DayTotals[], limit: number): string | null {
  const curve = buildMonthCurve(days);
  if (curve.final < limit) return null;
  const day = days.findIndex((_, index) => curve.at(index + 1) >= limit);
  return dayName(month, Math.max(0, day));
}

/** @param day from 0 */
function lastSecondOf(month: Month, day: number): number {
  return monthStartSeconds(month) + (day + 1) * DAY_SECONDS - 1;
}

/** @param day from 0 */
function dayName(month: Month, day: number): string {
  return new Date((monthStartSeconds(month) + day * DAY_SECONDS) * 1000).toISOString().slice(0, 10);
}
