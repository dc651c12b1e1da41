import { resolve } from 'node:path';
import { readArguments, readNumber, readParts } from './system/command-line.js';

export const PARTS = ['http', 'ledger', 'embedded', 'export', 'dashboard', 'events', 'processes'];

export const USAGE = `Usage: npm run bench -- [options]

  --smoke            everything in seconds and small: does it still work? The figures mean nothing
  --only PART        one of ${PARTS.join(', ')}; may be repeated
  --rounds N         interleaved rounds of each comparison (default 5)
  --seconds N        length of a measured run, s (default 3)
  --people N         people with a login of their own in the http part (default 30000)
  --identities N     identities of the month in the ledger, export, dashboard and events parts (default 1000000)
  --json FILE        write every figure to FILE as well
  --cpu-prof DIR     run the gateway of the warm http case under Node's CPU profiler, profile into DIR
  --help
`;

/**
 * How large everything is. The small sizes exercise each step of the large ones.
 *
 * @typedef {object} Sizes
 * @property {number} rounds interleaved rounds
 * @property {number} seconds length of a measured closed-loop run
 * @property {number} people people with a login token
 * @property {number} fillerPeople further people in the months of the http part, over all services
 * @property {number} requestsMax most requests of one closed-loop run; keeps everybody below the rate limit
 * @property {number} latencyRate requests a second of the open-loop runs
 * @property {number} latencySeconds length of an open-loop run
 * @property {number} identities size of the month in the ledger, export, dashboard and events parts
 * @property {number} mixMints mints of one run of a ledger mix
 * @property {number} embeddedPeople size of the month in the embedded part
 * @property {number} eventRate webhooks a second
 * @property {number} eventSeconds length of a run of webhooks
 * @property {number} outageSeconds how long Redis is away in the middle of it
 */

/**
 * @typedef {object} Options
 * @property {boolean} smoke
 * @property {string[]} parts in the order in which they run
 * @property {Sizes} sizes
 * @property {string | null} jsonFile
 * @property {string | null} profileFolder
 */

/** @type {Omit<Sizes, 'requestsMax'>} */
const FULL = {
  rounds: 5,
  seconds: 3,
  people: 30_000,
  fillerPeople: 200_000,
  latencyRate: 1_000,
  latencySeconds: 5,
  identities: 1_000_000,
  mixMints: 128_000,
  embeddedPeople: 60_000,
  eventRate: 5_000,
  eventSeconds: 30,
  outageSeconds: 10,
};

/** @type {Omit<Sizes, 'requestsMax'>} */
const SMOKE = {
  rounds: 1,
  seconds: 0.5,
  people: 600,
  fillerPeople: 1_000,
  latencyRate: 500,
  latencySeconds: 0.5,
  identities: 4_000,
  mixMints: 4_096,
  embeddedPeople: 1_000,
  eventRate: 500,
  eventSeconds: 5,
  outageSeconds: 1.5,
};

/** No server here answers more. */
const REQUESTS_PER_SECOND_MAX = 40_000;
/** Tokens of one person in one run; 60 a minute are allowed. */
const MINTS_PER_RUN_MAX = 8;

/**
 * @param {string[]} args
 * @returns {Options | 'help'}
 */
export function parseOptions(args) {
  const values = readArguments(args, {
    flags: ['smoke', 'help'],
    texts: ['rounds', 'seconds', 'people', 'identities', 'json', 'cpu-prof'],
    lists: ['only'],
  });
  if (values.help) return 'help';
  const base = values.smoke ? SMOKE : FULL;
  const seconds = readNumber('seconds', values.seconds, base.seconds, { min: 0.1, max: 60 });
  const whole = { min: 1, max: 10_000_000, whole: true };
  const people = readNumber('people', values.people, base.people, { ...whole, min: 300, max: 200_000 });
  return {
    smoke: values.smoke === true,
    parts: readParts(PARTS, values.only),
    sizes: {
      ...base,
      seconds,
      people,
      rounds: readNumber('rounds', values.rounds, base.rounds, { ...whole, max: 100 }),
      identities: readNumber('identities', values.identities, base.identities, { ...whole, min: 4_000 }),
      requestsMax: Math.ceil(Math.min(seconds * REQUESTS_PER_SECOND_MAX, people * MINTS_PER_RUN_MAX)),
    },
    jsonFile: values.json ?? null,
    // The gateway runs in a folder of its own.
    profileFolder: values['cpu-prof'] === undefined ? null : resolve(values['cpu-prof']),
  };
}
