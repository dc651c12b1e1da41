import { readArguments, readNumber, readParts } from '../bench/system/command-line.js';

export const PARTS = ['redis', 'cluster', 'embedded', 'storm'];

export const USAGE = `Usage: npm run race -- [options]

Many people race for few places, through real gateways and over real HTTP. Exits 1 when anything was given away that
was not there, or anybody was refused who was counted already.

  --only PART        one of ${PARTS.join(', ')}; may be repeated. Default all of them
  --people N         different people of each race (default 50000)
  --limit N          places of each race (default 1000)
  --connections N    connections that ask at the same time (default 300)
  --seconds N        how long the storm of refusals lasts, s (default 60 when it is named with --only, else 10)
  --json FILE        write every figure to FILE as well
  --help
`;

/**
 * @typedef {object} Options
 * @property {string[]} parts in the order in which they run
 * @property {number} people different people of each race
 * @property {number} limit identities that the budget of a race allows
 * @property {number} connections kept open and busy, over all gateways
 * @property {number} stormSeconds
 * @property {string | null} jsonFile
 */

const STORM_SECONDS = 60;
/** Of a storm among the other parts, so that everything together is a matter of minutes. */
const SHORT_STORM_SECONDS = 10;

/**
 * @param {string[]} args
 * @returns {Options | 'help'}
 */
export function parseOptions(args) {
  const values = readArguments(args, {
    flags: ['help'],
    texts: ['people', 'limit', 'connections', 'seconds', 'json'],
    lists: ['only'],
  });
  if (values.help) return 'help';
  const parts = readParts(PARTS, values.only);
  const limit = readNumber('limit', values.limit, 1_000, { min: 20, max: 1_000_000, whole: true });
  // The limits of classes and tenants are reached by chance; with fewer people one of them might not be.
  const people = readNumber('people', values.people, 50_000, {
    min: 10 * limit,
    max: 10_000_000,
    whole: true,
  });
  return {
    parts,
    people,
    limit,
    connections: readNumber('connections', values.connections, 300, { min: 2, max: 2_000, whole: true }),
    stormSeconds: readNumber(
      'seconds',
      values.seconds,
      values.only?.includes('storm') ? STORM_SECONDS : SHORT_STORM_SECONDS,
      { min: 1, max: 3_600, whole: true },
    ),
    jsonFile: values.json ?? null,
  };
}
