import { readArguments, readNumber, readParts } from '../bench/system/command-line.js';

export const FAMILIES = [
  'logins',
  'beacons',
  'guests',
  'webhooks',
  'smuggling',
  'floods',
  'cross-site',
  'timing',
  'leaks',
];

export const USAGE = `Usage: npm run attack -- [options]

Attacks real gateways with a real Redis and a real issuer, all on this machine. Prints a line for each family of
attacks, and exits 1 when anything came out otherwise than it must.

  --only FAMILY      one of ${FAMILIES.join(', ')};
                     may be repeated. Default all of them. What leaks is looked for in any case
  --seed N           repeats a run (default: a new one, which is printed)
  --rounds N         size of the random parts (default 300)
  --smoke            small: a matter of seconds
  --json FILE        write every figure to FILE as well
  --help
`;

/**
 * @typedef {object} Options
 * @property {string[]} families in the order in which they run
 * @property {number} seed
 * @property {number} rounds random attacks of a kind
 * @property {boolean} smoke leaves out what has to wait for a deadline
 * @property {string | null} jsonFile
 */

const ROUNDS = 300;
const SMOKE_ROUNDS = 40;

/**
 * @param {string[]} args
 * @returns {Options | 'help'}
 */
export function parseOptions(args) {
  const values = readArguments(args, {
    flags: ['smoke', 'help'],
    texts: ['seed', 'rounds', 'json'],
    lists: ['only'],
  });
  if (values.help) return 'help';
  const smoke = values.smoke ?? false;
  return {
    families: readFamilies(values.only),
    seed: readNumber('seed', values.seed, Date.now() % 1_000_000_000, {
      min: 0,
      max: 999_999_999,
      whole: true,
    }),
    rounds: readNumber('rounds', values.rounds, smoke ? SMOKE_ROUNDS : ROUNDS, {
      min: 10,
      max: 100_000,
      whole: true,
    }),
    smoke,
    jsonFile: values.json ?? null,
  };
}

/** What was said and done is searched last, whatever ran before. */
function readFamilies(only) {
  return only === undefined ? FAMILIES : readParts(FAMILIES, [...only, 'leaks']);
}
