import { startGateway } from '../bench/http/gateway-process.js';
import { withCleanup } from '../bench/system/cleanup.js';
import { createAsker } from './asker.js';
import { scopesOf } from './budgets.js';
import { writeGatewayConfig } from './gateway-config.js';
import { readBooks } from './read-books.js';
import { askAgain, runWave } from './run-wave.js';
import { createTally } from './tally.js';

/** Lives of tokens by gateway: different ones, so that no gateway just gives out a token of the other again. */
const TTL_SECONDS = [3_600, 600];

/**
 * One race: gateways of its own on an empty store, everybody at once, the counted and the others again, the books.
 *
 * @param {object} options
 * @param {import('./stores.js').Ground} options.ground
 * @param {string} options.title
 * @param {import('./budgets.js').BudgetEntry} options.budget
 * @param {number} options.people
 * @param {number} options.connections
 * @param {string} options.folder
 * @param {(words: string) => void} options.say
 * @returns {Promise<import('./judge.js').Race>}
 */
export function runRace({ ground, title, budget, people, connections, folder, say }) {
  return withCleanup(async (defer) => {
    const gateways = await startGateways({ ground, budget, folder, defer });
    const askers = gateways.map(({ port }) => createAsker(port, Math.ceil(connections / gateways.length)));
    for (const { close } of askers) defer(async () => close());

    const tally = createTally(scopesOf(budget));
    const onProgress = (asked) => say(`${title}: ${asked} of ${people} people have asked`);
    const { requests, seconds } = await runWave({ askers, connections, people, tally, onProgress });
    const again = await askAgain({ askers, people, tally });
    const books = await readBooks(gateways[0].port);
    return { title, people, budget, requests, seconds, tally: tally.result(), again, books };
  });
}

/**
 * Gateways on one empty store, to be stopped by what is deferred.
 *
 * @param {{ ground: import('./stores.js').Ground, budget: import('./budgets.js').BudgetEntry, folder: string,
 *   defer: (undo: () => Promise<unknown>) => void }} options
 * @returns {Promise<import('../bench/http/running-server.js').RunningServer[]>}
 */
export async function startGateways({ ground, budget, folder, defer }) {
  const store = await ground.open(folder);
  defer(store.stop);
  const gateways = [];
  for (let at = 0; at < ground.gateways; at++) {
    const name = `gateway-${at}`;
    const options = { folder, name, budget, store: store.environment, ttlSeconds: TTL_SECONDS[at] };
    const environment = await writeGatewayConfig(options);
    const gateway = await startGateway({ name, folder, environment, core: null });
    defer(gateway.stop);
    gateways.push(gateway);
  }
  return gateways;
}
