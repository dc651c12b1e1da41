export interface FakeClock {
  now(): number;
  /** Lets time pass: runs every timer that comes due, in order, and what follows from it. */
  advance(ms: number): Promise<void>;
  /** The clock jumps, as after a sleep: timers that came due meanwhile run late, each once. */
  sleep(ms: number): Promise<void>;
  /** How many timers are set. */
  pending(): number;
  /** Gives the real clock back. */
  uninstall(): void;
}

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly task: () => void;
}

interface Timers {
  setTimeout(task: () => void, ms?: number): unknown;
  clearTimeout(id: unknown): void;
  setImmediate?(task: () => void): unknown;
}

/** Far beyond what a test can mean. */
const TIMERS_MAX = 100_000;

/**
 * Puts a clock that stands still in the place of the real one: `Date.now()`, `setTimeout` and `clearTimeout`.
 *
 * @param startMs ms since the epoch
 */
export function installFakeClock(startMs: number): FakeClock {
  const globals = globalThis as unknown as Timers;
  const { setTimeout, clearTimeout, setImmediate } = globals;
  const { now } = Date;
  const timers = new Map<number, Timer>();
  let nowMs = startMs;
  let lastId = 0;

  Date.now = () => nowMs;
  globals.setTimeout = (task, ms = 0) => {
    lastId += 1;
    // As browsers do: what does not fit into 31 bits is due at once.
    const wait = ms > 2_147_483_647 ? 0 : Math.max(0, ms);
    timers.set(lastId, { id: lastId, at: nowMs + wait, task });
    return lastId;
  };
  globals.clearTimeout = (id) => {
    timers.delete(id as number);
  };

  /** Until every promise that can settle has. */
  function settled(): Promise<void> {
    return new Promise((resolve) => (setImmediate ? setImmediate(resolve) : setTimeout(resolve)));
  }

  function next(untilMs: number): Timer | undefined {
    const due = [...timers.values()].filter(({ at }) => at <= untilMs);
    return due.sort((a, b) => a.at - b.at || a.id - b.id)[0];
  }

  async function runUntil(untilMs: number): Promise<void> {
    await settled();
    for (let run = 0; ; run++) {
      const timer = next(untilMs);
      if (!timer) break;
      if (run > TIMERS_MAX) throw new Error('timers never come to an end');
      timers.delete(timer.id);
      nowMs = Math.max(nowMs, timer.at);
      timer.task();
      await settled();
    }
    nowMs = untilMs;
  }

  return {
    now: () => nowMs,
    advance: (ms) => runUntil(nowMs + ms),
    sleep(ms) {
      nowMs += ms;
      return runUntil(nowMs);
    },
    pending: () => timers.size,
    uninstall() {
      Date.now = now;
      Object.assign(globals, { setTimeout, clearTimeout });
    },
  };
}
