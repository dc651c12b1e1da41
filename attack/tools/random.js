/**
 * Numbers that look random and are the same for the same seed (mulberry32).
 *
 * @typedef {ReturnType<typeof createRandom>} Random
 */

/** @param {number} seed */
export function createRandom(seed) {
  let state = seed >>> 0;

  /** From 0, below 1. */
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (limit) => Math.floor(next() * limit);
  return {
    below,
    chance: (share) => next() < share,
    /** @template Item @param {readonly Item[]} list @returns {Item} */
    pick: (list) => list[below(list.length)],
    bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))),
    hex: (characters) => Array.from({ length: characters }, () => below(16).toString(16)).join(''),
  };
}
