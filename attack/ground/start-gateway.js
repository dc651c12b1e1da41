import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GATEWAY, NODE_FLAGS } from '../../bench/product.js';
import { endChild, startChild } from '../../bench/system/children.js';

const PATIENCE_MS = 30_000;

/**
 * A real gateway, and everything that it ever said.
 *
 * @typedef {object} Gateway
 * @property {string} name
 * @property {number} pid
 * @property {number} port
 * @property {() => string} said standard output and standard error so far
 * @property {() => Promise<number | null>} stop answers the exit code; may be called again
 */

/**
 * @param {{ name: string, folder: string, config: object, environment: Record<string, string> }} options
 * @returns {Promise<Gateway>}
 */
export async function startGateway({ name, folder, config, environment }) {
  const file = join(folder, `${name}.yaml`);
  // JSON is YAML too.
  await writeFile(file, JSON.stringify(config, null, 2));
  const child = await startChild(process.execPath, [...NODE_FLAGS, GATEWAY, 'serve'], {
    ...{ core: null, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...environment, MAU_CONFIG_FILE: file },
  });
  const said = [];
  let ended = false;
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${name} did not start:\n${said.join('')}`)),
      PATIENCE_MS,
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said.push(text);
        const address = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
        if (address === null) return;
        clearTimeout(timer);
        resolve(Number(address[1]));
      });
    }
    child.once('close', () => {
      ended = true;
      clearTimeout(timer);
      reject(new Error(`${name} ended:\n${said.join('')}`));
    });
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  return {
    name,
    port,
    pid: child.pid,
    said: () => said.join(''),
    async stop() {
      await endChild(child);
      if (!ended) await closed;
      return child.exitCode;
    },
  };
}
