import { type Month, monthEndSeconds } from '../../domain/month.ts';
import { UsageError } from './usage-error.ts';

/**
 * When a raise ends: an instant with a zone, a day (its beginning, UTC), or `month-end`.
 *
 * @param month of the gateway, `YYYY-MM`
 * @throws UsageError
 */
export function parseExpiry(text: string, month: string): string {
  if (text === 'month-end') return new Date(monthEndSeconds(month as Month) * 1000).toISOString();
  const [, day = ''] = /^(\d{4}-\d\d-\d\d)(?:T.*(?:Z|[+-]\d\d:?\d\d))?$/.exec(text) ?? [];
  const ms = isInCalendar(day) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `--until ${text}: must be an instant with its zone such as 2026-11-27T18:00:00Z, a day, or month-end`,
    );
  }
  return new Date(ms).toISOString();
}

/** JavaScript takes 31 November for 1 December. */
function isInCalendar(day: string): boolean {
  const ms = Date.parse(day);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
