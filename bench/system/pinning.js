import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Asked before anything is pinned. */
export const availableCores = availableParallelism();

/**
 * Where things run. The measured program has a core for itself; what drives it and what it talks to share the other.
 *
 * @typedef {object} Placement
 * @property {boolean} pinned
 * @property {number | null} server core of the measured program
 * @property {number | null} others core of the load generator and Redis
 * @property {string} description for the report
 */

/** @returns {Placement} */
export function choosePlacement() {
  const reason = reasonNotToPin();
  return reason === null
    ? {
        pinned: true,
        server: 0,
        others: 1,
        description: 'measured program on core 0; load generator and Redis on core 1',
      }
    : { pinned: false, server: null, others: null, description: `not pinned: ${reason}` };
}

function reasonNotToPin() {
  if (availableCores < 2) return 'there is one core only';
  const probe = spawnSync('taskset', ['-c', '0,1', 'true']);
  return probe.status === 0 ? null : 'there is no taskset, or cores 0 and 1 are not ours';
}

/**
 * A command line that runs on one core, or as it stands when the core is null.
 *
 * @param {number | null} core
 * @param {readonly string[]} command
 */
export function commandOnCore(core, command) {
  return core === null ? command : ['taskset', '-c', String(core), ...command];
}

/**
 * Does work with this very process, all its threads, on one core; afterwards it may use every core again.
 *
 * @template Result
 * @param {number | null} core null leaves it where it is
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withThisProcessOn(core, work) {
  if (core === null) return work();
  const move = (cores) => spawnSync('taskset', ['-acp', cores, String(process.pid)]);
  move(String(core));
  try {
    return await work();
  } finally {
    move(`0-${availableCores - 1}`);
  }
}
