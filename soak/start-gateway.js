import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { endChild, nextMessage, startChild } from '../bench/system/children.js';
import { freePort } from '../bench/system/free-port.js';
import { copyProduct } from '../chaos/run/product-copy.js';

const INSIDE = pathToFileURL(join(import.meta.dirname, 'look-inside.js')).href;
const CONNECTIONS = 64;

/**
 * How a gateway is. Bytes after a collection.
 *
 * @typedef {object} State
 * @property {number} heapUsed
 * @property {number} rss
 * @property {number} external
 * @property {number} handles
 * @property {number} loopP99Ms delay of the event loop since the state before
 * @property {number} loopMaxMs
 */

/**
 * A gateway that can be asked how it is.
 *
 * @param {{ folder: string, environment: Record<string, string>, productFolder: string | null }} options
 */
export async function startGateway({ folder, environment, productFolder }) {
  const port = await freePort();
  const log = await open(join(folder, 'gateway.log'), 'a+');
  const { program, nodeFlags } = copyProduct(folder, productFolder);
  const args = [...nodeFlags, '--expose-gc', '--import', INSIDE, program, 'serve'];
  const child = await startChild(process.execPath, args, {
    ...{ core: null, cwd: folder, env: { ...environment, PORT: String(port) } },
    stdio: ['ignore', log.fd, 'pipe', 'ipc'],
  });
  const said = [];
  const listening = new Promise((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      if (line.includes('listening on')) resolve(true);
    });
  });
  const isUp = await Promise.race([listening, once(child, 'exit').then(() => false)]);
  if (!isUp) throw new Error(`the gateway ended:\n${said.join('\n')}`);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, maxFreeSockets: CONNECTIONS });
  return {
    /** As the askers of chaos know a gateway. */
    place: { n: 0, port, agent, incarnation: 1 },
    /** @returns {Promise<State>} */
    async state() {
      const answer = nextMessage(child, 'the gateway');
      child.send('how are you');
      return answer;
    },
    async stop() {
      agent.destroy();
      await endChild(child);
      await log.close();
    },
  };
}
