/**
 * The time in which a run takes place: it flows as ours does, and jumps ahead when it is told to. Gateways have it
 * with a skew of their own.
 *
 * @typedef {object} WorldClock
 * @property {() => number} now ms since the epoch
 * @property {() => number} offsetMs from the machine's clock
 * @property {(ms: number) => void} jump
 */

/**
 * @param {number} startMs since the epoch
 * @returns {WorldClock}
 */
export function createWorldClock(startMs) {
  let offsetMs = startMs - Date.now();
  return {
    now: () => Date.now() + offsetMs,
    offsetMs: () => offsetMs,
    jump: (ms) => {
      offsetMs += ms;
    },
  };
}
