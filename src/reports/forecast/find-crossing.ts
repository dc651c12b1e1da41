import { type Month, monthStartSeconds } from '../../domain/month.ts';
import type { DayTotals } from '../../ledger/ledger.ts';
import { buildMonthCurve } from './month-curve.ts';
import type { Projection } from './project-month.ts';

/**
 * The first day, `YYYY-MM-DD`, at whose end a projected month holds `limit` identities, or null when it ends below.
 *
 * @param final projected identities of the whole month
 * @param elapsed days since the month began
 */
export function findProjectedCrossing(
  { progress }: Pick<Projection, 'progress'>,
  { month, days }: { month: Month; days: number },
  { used, final, limit, elapsed }: { used: number; final: number; limit: number; elapsed: number },
): string | null {
  if (final < limit) return null;
  for (let day = Math.floor(elapsed); day < days - 1; day += 1) {
    const atEnd = used + (final - used) * progress(Math.max(elapsed, day + 1));
    // Half an identity less: what is compared with was rounded.
    if (atEnd >= limit - 0.5) return dayName(month, day);
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
function dayName(month: Month, day: number): string {
  return new Date((monthStartSeconds(month) + day * 86_400) * 1000).toISOString().slice(0, 10);
}
