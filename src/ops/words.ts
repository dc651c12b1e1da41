import { type Month, monthStartSeconds } from '../domain/month.ts';

const NUMBER = new Intl.NumberFormat('en-US');
const DOLLARS = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const MONTH_NAME = new Intl.DateTimeFormat('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const SHORT_MONTH_NAME = new Intl.DateTimeFormat('en-US', {
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `1,234`. */
export function countText(count: number): string {
  return NUMBER.format(count);
}

/** `+3`, `−49`, `0`. */
export function changeText(change: number): string {
  const sign = change > 0 ? '+' : change < 0 ? '−' : '';
  return `${sign}${NUMBER.format(Math.abs(change))}`;
}

/** `85–123`, or one number when both ends are the same. */
export function rangeText(low: string, high: string): string {
  return low === high ? low : `${low}–${high}`;
}

/** `$4.25`. */
export function dollarText(dollars: number): string {
  return DOLLARS.format(dollars);
}

/** `40 %`; below one percent of something `< 1 %`. */
export function shareText(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (100 * part) / whole;
  return percent < 1 ? '< 1 %' : `${Math.floor(percent)} %`;
}

/** `November 2026`. */
export function monthText(month: Month): string {
  return MONTH_NAME.format(monthStartSeconds(month) * 1000);
}

/** `Nov 2026`. */
export function shortMonthText(month: Month): string {
  return SHORT_MONTH_NAME.format(monthStartSeconds(month) * 1000);
}

/** `2026-11-20 21:00 UTC` of an ISO instant. */
export function momentText(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}

/** `4 s`, `12 min`, `3 h`; rounded down. */
export function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

/** `512 B`, `3.4 MiB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

const DAY_NAME = new Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `Nov 27` of `2026-11-27`. */
export function dayText(day: string): string {
  return DAY_NAME.format(new Date(`${day}T00:00:00Z`));
}
