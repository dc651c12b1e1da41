import type { Clock } from '../../../domain/clock.ts';

/** The time at the fake, which may run faster than the machine's. */
export interface FakeClock extends Clock {
  /** Runs something once, so many ms of this clock from now; the answer takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** @param speed ms of this clock in one ms of the given one; tokens of an hour end after 36 s at 100 */
export function createFakeClock(clock: Clock, speed = 1): FakeClock {
  const start = clock.now();
  return {
    now: () => start + (clock.now() - start) * speed,
    after(ms, run) {
      const timer = setTimeout(run, Math.max(0, ms / speed));
      // A token that ends tomorrow must not keep a process that is done.
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
