import { parseArgs } from 'node:util';

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

/** A command line that makes no sense. */
export class UsageError extends Error {}

/**
 * @param {string[]} args
 * @returns {Options | 'help'}
 */
export function parseOptions(args) {
  const values = readArgs(args);
  if (values.help) return 'help';
  const parts = readParts(values.only);
  const limit = readWhole('limit', values.limit, 1_000, 20, 1_000_000);
  // The limits of classes and tenants are reached by chance; with fewer people one of them might not be.
  const people = readWhole('people', values.people, 50_000, 10 * limit, 10_000_000);
  return {
    parts,
    people,
    limit,
    connections: readWhole('connections', values.connections, 300, 2, 2_000),
    stormSeconds: readWhole(
      'seconds',
      values.seconds,
      values.only?.includes('storm') ? STORM_SECONDS : SHORT_STORM_SECONDS,
      1,
      3_600,
    ),
    jsonFile: values.json ?? null,
  };
}

function readArgs(args) {
  const text = { type: /** @type {const} */ ('string') };
  try {
    const options = {
      ...{ people: text, limit: text, connections: text, seconds: text, json: text },
      only: { type: /** @type {const} */ ('string'), multiple: true },
      help: { type: /** @type {const} */ ('boolean') },
    };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function readParts(only) {
  if (only === undefined) return PARTS;
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) throw new UsageError(`--only ${unknown}: must be one of ${PARTS.join(', ')}`);
  return PARTS.filter((part) => only.includes(part));
}

function readWhole(name, text, fallback, min, max) {
  const value = text === undefined ? fallback : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} ${text ?? fallback}: must be a whole number from ${min} to ${max}`);
}
