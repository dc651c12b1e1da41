/** Surprises of a family that are told in full; a fault that shows a thousand times needs no more. */
const SURPRISES_MAX = 20;

/**
 * What came of one family of attacks.
 *
 * @typedef {object} Result
 * @property {string} family
 * @property {number} tried
 * @property {number} held came out as it must
 * @property {{ attack: string, saw: string }[]} surprises the first of those that did not
 * @property {Record<string, string | number>} figures what was measured on the way
 */

/** @typedef {ReturnType<typeof createTally>} Tally */

/** @param {string} family */
export function createTally(family) {
  let tried = 0;
  let held = 0;
  const surprises = [];
  const figures = {};

  /**
   * Counts one attack.
   *
   * @param {string} attack
   * @param {boolean} holds whether it came out as it must
   * @param {unknown} saw what it came to, for the report
   */
  function check(attack, holds, saw) {
    tried += 1;
    if (holds) held += 1;
    else if (surprises.length < SURPRISES_MAX) surprises.push({ attack, saw: describe(saw) });
  }

  return {
    check,
    /**
     * Counts one attack that has to be refused with one of these statuses.
     *
     * @param {string} attack
     * @param {import('./send.js').Answer} answer
     * @param {...number} statuses
     */
    refused: (attack, answer, ...statuses) => check(attack, statuses.includes(answer.status), answer),
    figure(name, value) {
      figures[name] = value;
    },
    /** @returns {Result} */
    result: () => ({ family, tried, held, surprises, figures }),
  };
}

function describe(saw) {
  if (typeof saw === 'object' && saw !== null && 'status' in saw)
    return `${saw.status} ${saw.text}`.slice(0, 300);
  return (typeof saw === 'string' ? saw : JSON.stringify(saw)).slice(0, 300);
}
