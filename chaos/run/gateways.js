import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { endChild, startChild } from '../../bench/system/children.js';
import { freePort } from '../../bench/system/free-port.js';

const CLOCK = pathToFileURL(join(import.meta.dirname, 'shift-clock.js')).href;
/** As an orchestrator would wait before it starts a program again that ended by itself. */
const AGAIN_AFTER_MS = 300;
const CONNECTIONS = 64;

/**
 * A place at which a gateway runs, whichever process that is just now.
 *
 * @typedef {object} GatewayPlace
 * @property {number} n from 0
 * @property {number} port the same for every process
 * @property {Agent} agent
 * @property {number} incarnation number of the process, from 1
 * @property {boolean} isUp it listens
 * @property {() => Promise<void>} kill SIGKILL; it is started again at once
 * @property {() => void} tellTime passes on where the world's clock stands
 * @property {() => Promise<void>} stop in order, for good
 */

/**
 * Keeps gateways running, whatever happens to them.
 *
 * @param {object} options
 * @param {{ program: string, nodeFlags: string[] }} options.product
 * @param {Record<string, string>[]} options.environments one for each
 * @param {number[]} options.skewsMs one for each
 * @param {import('./world-clock.js').WorldClock} options.clock
 * @param {string} options.folder
 * @param {(note: Record<string, any>) => void} options.note of what happens to them
 * @returns {Promise<GatewayPlace[]>}
 */
export function startGateways({ product, environments, skewsMs, clock, folder, note }) {
  return Promise.all(
    environments.map(async (environment, n) => {
      const port = await freePort();
      const log = await open(join(folder, `gateway-${n}.log`), 'a+');
      const place = createPlace({
        ...{ n, port, environment, product, log, note, folder },
        skewMs: skewsMs[n],
        clock,
      });
      await place.begin();
      return place;
    }),
  );
}

function createPlace({ n, port, environment, product, log, note, folder, skewMs, clock }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, maxFreeSockets: CONNECTIONS });
  const offset = () => clock.offsetMs() + skewMs;
  let child = null;
  let stopped = false;

  const place = {
    ...{ n, port, agent, incarnation: 0, isUp: false },
    begin: () => launch(),
    async kill() {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return false;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      return true;
    },
    tellTime: () => child?.connected && child.send({ offsetMs: offset() }),
    async stop() {
      stopped = true;
      if (child !== null) await endChild(child);
      agent.destroy();
      await log.close();
    },
  };

  async function launch() {
    const startedAt = performance.now();
    const flags = [...product.nodeFlags, '--import', CLOCK];
    const running = await startChild(process.execPath, [...flags, product.program, 'serve'], {
      ...{ core: null, cwd: folder },
      env: { ...environment, PORT: String(port), CHAOS_CLOCK_OFFSET_MS: String(offset()) },
      stdio: ['ignore', log.fd, 'pipe', 'ipc'],
    });
    child = running;
    place.incarnation += 1;
    const said = [];
    const listening = new Promise((resolve) => {
      createInterface({ input: running.stderr }).on('line', (line) => {
        if (said.length < 50) said.push(line);
        if (line.includes('listening on')) resolve(true);
      });
    });
    const ended = once(running, 'exit').then(([code, signal]) => {
      place.isUp = false;
      if (stopped) return false;
      // By its own will: a gateway whose store is away may refuse to start, and is started again.
      if (signal !== 'SIGKILL')
        note({ what: 'gateway-ended', gateway: n, code, signal, said: said.slice(0, 5) });
      setTimeout(again, signal === 'SIGKILL' ? 0 : AGAIN_AFTER_MS);
      return false;
    });
    if (await Promise.race([listening, ended])) {
      place.isUp = true;
      // The clock may have jumped while it started.
      place.tellTime();
      note({ what: 'gateway-up', gateway: n, afterMs: Math.round(performance.now() - startedAt) });
    }
  }

  function again() {
    if (!stopped) launch().catch((error) => note({ what: 'gateway-lost', gateway: n, error: error.message }));
  }

  return place;
}

/**
 * Waits until every gateway listens.
 *
 * @param {GatewayPlace[]} gateways
 * @param {number} patienceMs
 */
export async function untilAllUp(gateways, patienceMs) {
  const giveUpAt = performance.now() + patienceMs;
  while (gateways.some(({ isUp }) => !isUp)) {
    if (performance.now() > giveUpAt) throw new Error('a gateway does not come up again');
    await sleep(20);
  }
}
