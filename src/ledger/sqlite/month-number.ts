import { type Month, monthOf } from '../../domain/month.ts';

/** A month as the tables keep it: 2026-11 is 202611, so that later months are greater. */
export function monthNumber(month: Month): number {
  return Number(month.slice(0, 4)) * 100 + Number(month.slice(5));
}

export function monthOfNumber(number: number): Month {
  return monthOf(Date.UTC(Math.floor(number / 100), (number % 100) - 1, 1));
}
