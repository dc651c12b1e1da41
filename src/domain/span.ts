/** How long something is believed, ms since the epoch. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

export function spanOf(fromMs: number, lengthMs: number): Span {
  return { fromMs, untilMs: fromMs + lengthMs };
}

/** What began in the future did so by a clock that was set back since, and would be believed for all of the difference. */
export function isWithinSpan({ fromMs, untilMs }: Span, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < untilMs;
}
