import { readArguments, readNumber } from '../bench/system/command-line.js';

export const USAGE = `Usage: npm run soak -- [options]

Mixed traffic at a fixed rate against one gateway on Redis, for long. Every minute its memory after a collection, its
handles, the delay of its event loop and the latencies of answers are read. Exits 1 when memory or handles grew, or
anything was answered 5xx.

  --minutes N       default 30
  --rate N          requests a second (default 120)
  --json FILE       write every figure to FILE as well
  --product FOLDER  where the gateway was built (default: here)
  --help
`;

/**
 * @typedef {object} Options
 * @property {number} minutes
 * @property {number} rate requests a second
 * @property {string | null} jsonFile
 * @property {string | null} productFolder
 */

/**
 * @param {string[]} args
 * @returns {Options | 'help'}
 */
export function parseOptions(args) {
  const values = readArguments(args, { flags: ['help'], texts: ['minutes', 'rate', 'json', 'product'] });
  if (values.help) return 'help';
  return {
    minutes: readNumber('minutes', values.minutes, 30, { min: 2, max: 10_000, whole: true }),
    rate: readNumber('rate', values.rate, 120, { min: 1, max: 2_000, whole: true }),
    jsonFile: values.json ?? null,
    productFolder: values.product ?? null,
  };
}
