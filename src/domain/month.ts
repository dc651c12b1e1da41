declare const monthBrand: unique symbol;

/** A UTC calendar month, `YYYY-MM`. Made only by {@link parseMonth}, {@link monthOf} and the
 * functions around them. */
export type Month = string & { readonly [monthBrand]: true };

const MONTH_PATTERN = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** Reads `YYYY-MM`, years 1970 to 9998. Returns null for anything else. */
export function parseMonth(text: string): Month | null {
  const match = MONTH_PATTERN.exec(text);
  if (!match) return null;
  const year = Number(match[1]);
  return year >= 1970 && year <= 9998 ? (text as Month) : null;
}

/** The month that a text names at an instant: `YYYY-MM`, or `current`. Returns null for anything else. */
export function parseNamedMonth(text: string, nowMs: number): Month | null {
  return text === 'current' ? monthOf(nowMs) : parseMonth(text);
}

/** The month that was asked for last; nearly every request asks for the same one. */
let recent = { from: 0, until: 0, month: '' as Month };

/** The UTC month that holds an instant, in milliseconds since the epoch. */
export function monthOf(instantMs: number): Month {
  if (instantMs < recent.from || instantMs >= recent.until) {
    const month = new Date(instantMs).toISOString().slice(0, 7) as Month;
    recent = { from: monthStartSeconds(month) * 1000, until: monthEndSeconds(month) * 1000, month };
  }
  return recent.month;
}

/** First instant of the month, in whole seconds since the epoch. */
export function monthStartSeconds(month: Month): number {
  if (month === recent.month) return recent.from / 1000;
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1, 1) / 1000;
}

/** First instant after the month, in whole seconds since the epoch. */
export function monthEndSeconds(month: Month): number {
  if (month === recent.month) return recent.until / 1000;
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1) / 1000;
}

export function nextMonth(month: Month): Month {
  return monthOf(monthEndSeconds(month) * 1000);
}

export function previousMonth(month: Month): Month {
  return monthOf((monthStartSeconds(month) - 1) * 1000);
}

/** Number of days in the month, 28 to 31. */
export function daysInMonth(month: Month): number {
  return (monthEndSeconds(month) - monthStartSeconds(month)) / 86_400;
}

/** `01` to the month's last day. */
export function dayNamesOf(month: Month): string[] {
  return Array.from({ length: daysInMonth(month) }, (_, position) => String(position + 1).padStart(2, '0'));
}
