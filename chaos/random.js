/**
 * Draws that follow from a seed alone, the same on every machine.
 *
 * @typedef {object} Random
 * @property {() => number} fraction from 0 to below 1
 * @property {(min: number, max: number) => number} whole both included
 * @property {(share: number) => boolean} chance
 * @property {<Item>(items: readonly Item[]) => Item} pick
 * @property {<Name extends string>(weights: Record<Name, number>) => Name} weighted
 */

/**
 * @param {number} seed a whole number from 0 to 2^32 - 1
 * @returns {Random}
 */
export function createRandom(seed) {
  let state = seed >>> 0;

  /** Mulberry32: a weak generator, but a short one that spreads neighbouring seeds well. */
  function fraction() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const whole = (min, max) => min + Math.floor(fraction() * (max - min + 1));
  return {
    fraction,
    whole,
    chance: (share) => fraction() < share,
    pick: (items) => items[whole(0, items.length - 1)],
    weighted(weights) {
      const entries = Object.entries(weights);
      let left = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      return entries[0][0];
    },
  };
}
