import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { nextMessage, startNode } from '../system/children.js';
import { runningServer } from './running-server.js';

/**
 * Starts one of the servers in `servers/`; what it logs goes to a file, as the gateway's log does.
 *
 * @param {{ name: string, script: string, folder: string, core: number | null, args?: string[],
 *   nodeArgs?: string[], environment?: Record<string, string> }} options
 * @returns {Promise<import('./running-server.js').RunningServer>}
 */
export async function startScriptServer(options) {
  const { name, script, folder, core, args = [], nodeArgs = [], environment = {} } = options;
  const log = await open(join(folder, `${name}.log`), 'a+');
  const child = await startNode(new URL(`./servers/${script}`, import.meta.url), {
    ...{ core, args, nodeArgs, cwd: folder, stdout: log.fd },
    env: { PATH: process.env.PATH ?? '', ...environment },
  });
  const { port } = await nextMessage(child, name);
  return runningServer(child, port, log);
}
