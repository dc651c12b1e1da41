import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * Fits V8's collector to the cores that this process may use; to be called once, at the start of the program.
 *
 * A scavenge in parallel on a single core is threads that wait for each other: its pauses were two to four times as
 * long, and the mint path took a quarter to a third more CPU. With two cores there was no difference worth having, and
 * V8 keeps its own way. V8 looks at this flag before each scavenge, so that it may change after the start.
 *
 * @param cores default: as many as the process may be scheduled on
 */
export function fitCollector(cores = availableParallelism()): void {
  if (cores === 1) setFlagsFromString('--no-parallel-scavenge');
}
