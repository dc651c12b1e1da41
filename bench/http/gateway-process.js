import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GATEWAY, NODE_FLAGS } from '../product.js';
import { startChild } from '../system/children.js';
import { runningServer } from './running-server.js';

const PATIENCE_MS = 20_000;

/**
 * Starts the product as its users do, `mau-guard serve`. Its request log goes to a file, which is emptied between
 * runs so that the disk does not fill up.
 *
 * @param {{ name: string, folder: string, environment: Record<string, string>, core: number | null,
 *   nodeArgs?: string[], args?: string[] }} options
 * @returns {Promise<import('./running-server.js').RunningServer>}
 */
export async function startGateway({ name, folder, environment, core, nodeArgs = [], args = [] }) {
  const log = await open(join(folder, `${name}.log`), 'a+');
  // In the benchmark's folder, so that no .env of the person who runs this is read.
  const child = await startChild(process.execPath, [...NODE_FLAGS, ...nodeArgs, GATEWAY, 'serve', ...args], {
    ...{ core, cwd: folder, env: environment },
    stdio: ['ignore', log.fd, 'pipe'],
  });
  return runningServer(child, await portOf(child, name), log);
}

/** Reads standard error up to the line that names the port. */
async function portOf(child, name) {
  const said = [];
  const lines = createInterface({ input: child.stderr });
  const found = new Promise((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      const address = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (address) resolve(Number(address[1]));
    });
  });
  const failed = once(child, 'exit').then(() =>
    Promise.reject(new Error(`${name} ended:\n${said.join('\n')}`)),
  );
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} did not start:\n${said.join('\n')}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([found, failed, late]);
  } finally {
    clearTimeout(timer);
    failed.catch(() => {});
  }
}
