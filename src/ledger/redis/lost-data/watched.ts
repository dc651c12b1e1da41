import { Coverage } from './coverage.ts';
import { Hold } from './hold.ts';
import type { WatchTimes } from './ports.ts';
import { Roll } from './roll.ts';

/** What is known of a service. */
export interface Watched {
  /** What this process works by; null before the first. */
  epoch: string | null;
  entering: { epoch: string; done: Promise<string> } | null;
  /** The epoch in which the store has not been told yet what it lost. */
  restoring: string | null;
  /** The last one in which it was told, or there was nothing to tell; empty before. */
  told: string;
  /** Whether this process knew anything of the time before that one. */
  remembers: boolean;
  roll: Roll;
  hold: Hold;
  coverage: Coverage;
}

/** In looks. A gateway that ended without a word is waited for until its line has stayed the same three times as long. */
const LOOKS_PER_LINE = 30;

/** @param name of this process, on the roll */
export function createWatched(name: string, times: WatchTimes): Watched {
  return {
    ...{ epoch: null, entering: null, restoring: null, told: '', remembers: false },
    roll: new Roll(name, LOOKS_PER_LINE * times.lookMs),
    hold: new Hold(times),
    coverage: new Coverage(),
  };
}
