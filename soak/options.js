import { readArguments, readNumber } from '../bench/system/command-line.js';

export const USAGE = `Usage: npm run soak -- [options]

Mixed traffic at a fixed rate against one gateway on Redis, for long. Every minute its memory after a collection, its
handles, the delay of its event loop and the latencies of answers are read. Exits 1 when memory or handles grew, or
anything was answered 5xx.

  --seed N          draws who asks for what, in which order (default: drawn, and printed)
  --minutes N       default 30
  --rate N          requests a second (default 120)
  --json FILE       write every figure to FILE as well
  --product FOLDER  where the gateway was built (default: here)
  --help
`;

/**
 * @typedef {object} Options
 * @property {number} seed
 * @property {number} minutes
 * @property {number} rate requests a second
 * @property {string | null} jsonFile
 * @property {string | null} productFolder
 */

/** Beyond it a seed would be cut off where it is used. */
const SEED_MAX = 2 ** 32 - 1;

/**
 * @param {string[]} args
 * @param {() => number} drawSeed
 * @returns {Options | 'help'}
 */
export function parseOptions(args, drawSeed) {
  const texts = ['seed', 'minutes', 'rate', 'json', 'product'];
  const values = readArguments(args, { flags: ['help'], texts });
  if (values.help) return 'help';
  const fallback = values.seed === undefined ? drawSeed() : 0;
  return {
    seed: readNumber('seed', values.seed, fallback, { min: 0, max: SEED_MAX, whole: true }),
    minutes: readNumber('minutes', values.minutes, 30, { min: 2, max: 10_000, whole: true }),
    rate: readNumber('rate', values.rate, 120, { min: 1, max: 2_000, whole: true }),
    jsonFile: values.json ?? null,
    productFolder: values.product ?? null,
  };
}

/**
 * The command that sends the same traffic again.
 *
 * @param {Options} options
 */
export function commandOf({ seed, minutes, rate }) {
  return `npm run soak -- --seed ${seed} --minutes ${minutes} --rate ${rate}`;
}
