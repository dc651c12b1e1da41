import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { startLoginIssuer } from '../../bench/people/login-issuer.js';
import { withCleanup } from '../../bench/system/cleanup.js';
import { createPeople } from '../people.js';
import { drawSchedule } from '../schedule/draw-schedule.js';
import { STORES } from '../stores/stores.js';
import { journalBytes } from './await-journals.js';
import { writeGatewayConfigs } from './gateway-config.js';
import { startGateways } from './gateways.js';
import { playRounds, settle } from './play-rounds.js';
import { copyProduct } from './product-copy.js';
import { keepGatewayLogs, openLog } from './run-log.js';
import { createWorld } from './world.js';
import { createWorldClock } from './world-clock.js';

const BORN_BEFORE_MS = 100 * 86_400_000;

/**
 * What a run showed.
 *
 * @typedef {object} Result
 * @property {import('../options.js').Options} options
 * @property {string} store title
 * @property {number} seconds that it took, with the rests
 * @property {import('../promises/judge.js').Verdict[]} verdicts
 * @property {ReturnType<typeof import('./history.js').createHistory>} history
 * @property {import('./read-books.js').Books} books as they were in the end
 * @property {number} rounds that were played
 * @property {number} dropped requests that were not made, since too many were under way
 */

/**
 * Plays a schedule against gateways and a store of its own. Ends early when a promise is broken, unless told to go on:
 * what comes after would only hide it.
 *
 * @param {import('../options.js').Options & { folder: string, say: (words: string) => void }} options
 * @returns {Promise<Result>}
 */
export function runChaos(options) {
  return withCleanup(async (defer) => {
    const startedAt = performance.now();
    const ground = STORES[options.store];
    const losses = ground.losses(options);
    const schedule = drawSchedule(options, ground);
    const log = openLog(options, schedule, defer);
    const { store, world, journals } = await setUp(schedule, { ground, options, log, defer });
    await settle(world);

    const run = { world, store, journals, log, schedule, losses, options };
    const played = await playRounds(run, journalBytes(journals));
    if (played.verdicts.some(({ violations }) => violations.length > 0)) keepGatewayLogs(options);
    if (world.failures.length > 0) throw world.failures[0];
    const seconds = (performance.now() - startedAt) / 1000;
    return { options, store: ground.title, seconds, history: world.history, ...played };
  });
}

async function setUp(schedule, { ground, options, log, defer }) {
  const { folder, gateways: count } = options;
  const store = await ground.open(folder, options);
  defer(store.stop);
  const started = await startLoginIssuer();
  defer(started.stop);
  // Under a name that is the same in each run: identities follow from it.
  const rsaIssuer = { ...started, issuer: 'https://rsa-logins.chaos.example/' };
  const clock = createWorldClock(schedule.startMs);
  const environments = await writeGatewayConfigs({
    ...{ folder, gateways: count, limit: schedule.limit, rsaIssuer, store: store.environment },
  });
  const journals = environments.map(({ JOURNAL_PATH }) => dirname(JOURNAL_PATH));
  for (const journal of journals) mkdirSync(journal);
  const people = createPeople(rsaIssuer, schedule.startMs - BORN_BEFORE_MS);
  const notes = [];
  const gateways = await startGateways({
    ...{ product: copyProduct(folder, options.productFolder), environments, clock, folder },
    ...{ skewsMs: schedule.skewsMs, note: (note) => notes.push(note) },
  });
  for (const gateway of gateways) defer(gateway.stop);
  const world = createWorld({ clock, gateways, people });
  // The same list from now on, so that it is in order.
  world.history.notes = notes;
  log({ kind: 'ready', gateways: gateways.map(({ n, port }) => ({ n, port })) });
  return { store, world, journals };
}
