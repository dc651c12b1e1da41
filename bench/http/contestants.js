import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_FLAGS } from '../product.js';
import { say } from '../system/progress.js';
import { writeGatewayConfig } from './gateway-config.js';
import { startGateway } from './gateway-process.js';
import { startScriptServer } from './script-server.js';

/** A verified login is believed for 300 s; warm runs end before, with a little to spare. */
const TRUST_MS = 300_000;
const SPARE_MS = 10_000;

/**
 * One server under test.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {import('./running-server.js').RunningServer} server
 * @property {'gateway' | 'quickstart'} shape of its requests
 * @property {import('./months.js').MintSource | null} mints null when it counts nobody
 * @property {{ status: number, mark: string }} expected
 * @property {(client: import('./load-client.js').LoadClient, forMs: number) => Promise<void>} getReady what must be
 *   done before a run of that length
 */

/**
 * Starts them all. Warm: each login was verified already and is remembered. Cold: more people come in turn than
 * the server remembers logins, so that nobody's is remembered when they come again; by default it remembers 20,000.
 *
 * @returns {Promise<Contestant[]>}
 */
export async function startContestants(options) {
  const { people, profileFolder } = options;
  const contestants = [];
  const begin = async (contestant) => {
    options.defer(() => contestant.server.stop());
    contestants.push(contestant);
  };
  for (const name of ['quickstart', 'quickstart repaired']) await begin(await startQuickstart(name, options));
  const memory = { warm: people + 1_000, cold: Math.floor((people * 2) / 3) };
  for (const temperature of ['warm', 'cold']) {
    const configured = { ...options, verifiedTokens: memory[temperature] };
    const nodeArgs =
      profileFolder !== null && temperature === 'warm' ? ['--cpu-prof', '--cpu-prof-dir', profileFolder] : [];
    for (const kind of ['mau-guard', 'bare']) {
      await begin(await startGuard(kind, temperature, configured, kind === 'mau-guard' ? nodeArgs : []));
    }
  }
  return contestants;
}

async function startQuickstart(name, { folder, placement }) {
  const server = await startScriptServer({
    ...{ name, script: 'quickstart.js', folder, core: placement.server },
    args: name === 'quickstart repaired' ? ['repaired'] : [],
  });
  const expected = { status: 200, mark: `"token":"` };
  return { name, server, shape: 'quickstart', mints: null, expected, getReady: async () => {} };
}

async function startGuard(kind, temperature, options, nodeArgs) {
  const { folder, placement, services, verifiedTokens, redisUrl, loginIssuer, months } = options;
  const name = `${kind} ${temperature}`;
  const file = name.replace(' ', '-');
  const environment = await writeGatewayConfig({
    ...{ folder, name: file, services, verifiedTokens, redisUrl, loginIssuer },
  });
  const start = { name: file, folder, environment, core: placement.server };
  const server = await (kind === 'bare'
    ? startScriptServer({ ...start, script: 'bare.js', nodeArgs: NODE_FLAGS })
    : startGateway({ ...start, nodeArgs }));
  return {
    ...{ name, server, shape: 'gateway', mints: months.openSource({ known: true }) },
    expected: { status: 200, mark: '"outcome":"minted"' },
    getReady: temperature === 'warm' ? createWarmer(name, server, options) : async () => {},
  };
}

/** Shows every login to the server, with an intent that authenticates and then mints nothing. */
function createWarmer(name, server, { people, anyService }) {
  let warmUntil = 0;
  return async (client, forMs) => {
    if (performance.now() + forMs + SPARE_MS < warmUntil) return;
    if (warmUntil > performance.now()) {
      say(`${name}: waiting until the server asks for the logins anew`);
      await sleep(warmUntil - performance.now() + 1_000);
    }
    warmUntil = performance.now() + TRUST_MS;
    await client.run({
      ...{ mode: 'closed', port: server.port, connections: 64, seconds: 120, requestsMax: people },
      plan: { shape: 'gateway', intent: 'page_load', services: [anyService], first: 0 },
      expected: { status: 403, mark: 'lazy-connect-required' },
    });
  };
}
