import type { Clock } from '../../src/domain/clock.ts';

export interface SettableClock extends Clock {
  /** @param ms since the Unix epoch */
  set(ms: number): void;
  advance(ms: number): void;
}

/** A clock that stands still until it is told otherwise. */
export function settableClock(startMs: number): SettableClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    set: (ms) => {
      nowMs = ms;
    },
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
