import { readArguments, readNumber } from '../system/command-line.js';

export const USAGE = `Usage: npm run outage -- [options]

Redis falls silent (SIGSTOP) in front of a gateway with a journal: how long known people and strangers wait, and what the
gateway's memory does meanwhile. Afterwards the ledger must have every token that was given out. Exits 1 when a goal is
missed.

  --seconds N   how long Redis is away (default 600)
  --rate N      requests a second, a tenth of them by strangers (default 100)
  --people N    known people (default 200)
  --smoke       8 seconds, for what must hold at any speed; times and memory are not judged
  --json FILE   write every figure to FILE as well
  --help
`;

/**
 * @typedef {object} Options
 * @property {boolean} smoke
 * @property {number} seconds
 * @property {number} rate requests a second
 * @property {number} people
 * @property {string | null} jsonFile
 */

const FULL = { seconds: 600, rate: 100, people: 200 };
const SMOKE = { seconds: 8, rate: 50, people: 40 };

/**
 * @param {string[]} args
 * @returns {Options | 'help'}
 */
export function parseOptions(args) {
  const values = readArguments(args, {
    flags: ['smoke', 'help'],
    texts: ['seconds', 'rate', 'people', 'json'],
  });
  if (values.help) return 'help';
  const usual = values.smoke ? SMOKE : FULL;
  const whole = (name, min, max) => readNumber(name, values[name], usual[name], { min, max, whole: true });
  return {
    smoke: values.smoke ?? false,
    // In much more than an hour the gateway's clock would leave the month.
    seconds: whole('seconds', 5, 7_200),
    rate: whole('rate', 10, 1_000),
    people: whole('people', 10, 2_000),
    jsonFile: values.json ?? null,
  };
}
