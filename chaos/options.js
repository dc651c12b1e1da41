import { readArguments, readNumber, UsageError } from '../bench/system/command-line.js';

export const STORES = ['redis', 'sentinel', 'cluster', 'embedded'];

export const USAGE = `Usage: npm run chaos -- [options]

Real gateways under load, while they and their store are killed, stopped and cut off, budgets change and months turn.
Afterwards everything that clients saw is held against the ledger. Exits 1 when a promise was broken.

  --seed N           draws the schedule; the same seed and options, the same schedule (default: drawn, and printed)
  --seconds N        of traffic (default 120)
  --store NAME       one of ${STORES.join(', ')} (default redis)
  --gateways N       processes that share the store (default 3; embedded: 1)
  --kills N          SIGKILLs of gateways and store together (default: one every 3 s)
  --rate N           requests a second (default 100)
  --wait-replicas N  REDIS_WAIT_REPLICAS of the gateways, and as many replicas; with sentinel or cluster (default 0)
  --smoke            a short run: 15 s, 6 kills, 2 gateways
  --keep-going       also after a promise was broken
  --log FILE         the schedule and what became of it, a line of JSON each (default chaos-results/<store>-<seed>.ndjson)
  --json FILE        write the result to FILE as well
  --product FOLDER   where the gateway was built (default: here)
  --help
`;

/**
 * @typedef {object} Options
 * @property {number} seed
 * @property {number} seconds
 * @property {string} store
 * @property {number} gateways
 * @property {number} kills
 * @property {number} rate requests a second
 * @property {number} waitReplicas
 * @property {boolean} keepGoing
 * @property {string} logFile
 * @property {string | null} jsonFile
 * @property {string | null} productFolder
 */

const SECONDS_A_KILL = 3;
/** Have replicas that can be waited for. */
const REPLICATED = ['sentinel', 'cluster'];
const SMOKE = { seconds: 15, kills: 6, gateways: 2, rate: 60 };

/**
 * @param {string[]} args
 * @param {() => number} drawSeed
 * @returns {Options | 'help'}
 */
export function parseOptions(args, drawSeed) {
  const values = readArguments(args, {
    flags: ['smoke', 'keep-going', 'help'],
    texts: [
      'seed',
      'seconds',
      'store',
      'gateways',
      'kills',
      'rate',
      'wait-replicas',
      'log',
      'json',
      'product',
    ],
  });
  if (values.help) return 'help';
  const store = values.store ?? 'redis';
  if (!STORES.includes(store)) throw new UsageError(`--store ${store}: must be one of ${STORES.join(', ')}`);
  const usual = values.smoke ? SMOKE : { seconds: 120, kills: null, gateways: 3, rate: 100 };
  const whole = (name, fallback, min, max) =>
    readNumber(name, values[name], fallback, { min, max, whole: true });
  const seed = values.seed === undefined ? drawSeed() : whole('seed', 0, 0, 2 ** 32 - 1);
  const seconds = whole('seconds', usual.seconds, 10, 86_400);
  const gateways = whole('gateways', store === 'embedded' ? 1 : usual.gateways, 1, 16);
  if (store === 'embedded' && gateways > 1)
    throw new UsageError('--gateways: the embedded ledger belongs to one');
  const waitReplicas = whole('wait-replicas', 0, 0, 2);
  if (waitReplicas > 0 && !REPLICATED.includes(store))
    throw new UsageError(`--wait-replicas: ${store} has none; only ${REPLICATED.join(' and ')} do`);
  return {
    ...{ seed, seconds, store, gateways },
    kills: whole('kills', usual.kills ?? Math.floor(seconds / SECONDS_A_KILL), 0, 100_000),
    rate: whole('rate', usual.rate, 1, 2_000),
    waitReplicas,
    keepGoing: values['keep-going'] ?? false,
    logFile: values.log ?? `chaos-results/${store}-${seed}.ndjson`,
    jsonFile: values.json ?? null,
    productFolder: values.product ?? null,
  };
}

/**
 * The command that runs the same schedule again.
 *
 * @param {Options} options
 */
export function commandOf({ seed, seconds, store, gateways, kills, rate, waitReplicas }) {
  const numbers = `--seed ${seed} --seconds ${seconds} --gateways ${gateways} --kills ${kills} --rate ${rate}`;
  const wait = waitReplicas > 0 ? ` --wait-replicas ${waitReplicas}` : '';
  return `npm run chaos -- --store ${store} ${numbers}${wait}`;
}
