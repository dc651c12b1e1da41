import { type Month, monthStartSeconds } from '../../domain/month.ts';

interface Arrival {
  className: string;
  tenant: string | null;
  /** Whole seconds since the epoch. */
  at: number;
}

const SECONDS_A_MINUTE = 60;

/**
 * People who came by evidence, in the order of time. Kept by minute, so that a million of them are never sorted at
 * one stretch.
 */
export class Arrivals {
  readonly #start: number;
  readonly #byMinute: Arrival[][] = [];
  #minute = 0;

  constructor(month: Month) {
    this.#start = monthStartSeconds(month);
  }

  add(arrival: Arrival): void {
    const minute = this.#minuteOf(arrival.at);
    const there = this.#byMinute[minute];
    if (there === undefined) this.#byMinute[minute] = [arrival];
    else there.push(arrival);
  }

  /** Takes out all that came before `until`, whole seconds since the epoch; nothing may be added after the first. */
  *takeUntil(until: number): Generator<Arrival> {
    const last = Math.min(this.#minuteOf(until), this.#byMinute.length - 1);
    for (; this.#minute <= last; this.#minute++) {
      const waiting = this.#byMinute[this.#minute] ?? [];
      const due = waiting.filter(({ at }) => at < until).sort((a, b) => a.at - b.at);
      yield* due;
      if (due.length < waiting.length) {
        this.#byMinute[this.#minute] = waiting.filter(({ at }) => at >= until);
        return;
      }
      this.#byMinute[this.#minute] = [];
    }
  }

  #minuteOf(at: number): number {
    return Math.max(0, Math.floor((at - this.#start) / SECONDS_A_MINUTE));
  }
}
