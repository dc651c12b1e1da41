const SAMPLES_MAX = 5;

/**
 * Counts answers, and keeps a few of those that should not have come.
 *
 * @typedef {object} Tally
 * @property {number} answered
 * @property {number} unexpected
 * @property {string[]} samples of what was not expected
 * @property {(answer: import('./connection.js').Answer) => void} add
 * @property {(reason: string) => void} lose
 */

/** @returns {Tally} */
export function createTally() {
  const tally = {
    answered: 0,
    unexpected: 0,
    samples: [],
    add({ expected, sample }) {
      tally.answered += 1;
      if (!expected) tally.lose(sample);
    },
    lose(reason) {
      tally.unexpected += 1;
      if (tally.samples.length < SAMPLES_MAX) tally.samples.push(reason);
    },
  };
  return tally;
}
