import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** How much of what is alive may lie about as garbage before V8 collects its old space, percent. */
const GARBAGE_PERCENT = 40;

/**
 * Fits V8's collector to what a gateway does; to be called once, at the start of the program.
 *
 * Remembered logins live just long enough to reach the old space, which V8 lets grow to several times what is alive: a
 * minute of refused strangers grew the process by 246 MiB, and by 2 MiB with this limit, at no lower a rate.
 *
 * A scavenge in parallel on a single core is threads that wait for each other: its pauses were two to four times as
 * long, and the mint path took a quarter to a third more CPU. With two cores there was no difference worth having, and
 * V8 keeps its own way. V8 looks at both flags before it collects, so that they may change after the start. The size of
 * the space for what is new may not: `npm start` and the first line of the program set it, see docs/benchmarks.md.
 *
 * @param cores default: as many as the process may be scheduled on
 */
export function fitCollector(cores = availableParallelism()): void {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE_PERCENT}`);
  if (cores === 1) setFlagsFromString('--no-parallel-scavenge');
}
