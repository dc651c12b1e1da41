import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endChild, startChild } from './children.js';

export const HOST = '127.0.0.1';

/**
 * A real redis-server of a run's own, with a folder of its own.
 *
 * @typedef {object} RedisProcess
 * @property {string} dir where it keeps its data and its log
 * @property {() => void} pause it hears nothing any more
 * @property {() => void} resume
 * @property {() => Promise<void>} crash ends it without a warning
 * @property {() => Promise<void>} restart after a crash, with what it has on its disk
 * @property {() => Promise<void>} stop
 */

/**
 * Starts redis-server on loopback. It may not answer yet.
 *
 * @param {object} options
 * @param {string} options.folder in which it gets its own
 * @param {number} options.port
 * @param {readonly string[]} options.args more of its command line
 * @param {number | null} options.core on which it runs, when cores can be chosen
 * @param {string} [options.configText] of a file of its own, which it may rewrite
 * @returns {Promise<RedisProcess>}
 */
export async function startRedisProcess({ folder, port, args, core, configText = '' }) {
  const dir = await mkdtemp(join(folder, `redis-${port}-`));
  const file = join(dir, 'redis.conf');
  await writeFile(file, configText);
  const place = ['--port', String(port), '--bind', HOST, '--dir', dir, '--logfile', join(dir, 'log')];
  const start = () =>
    startChild(process.env.REDIS_SERVER_BIN || 'redis-server', [file, ...place, ...args], {
      core,
      stdio: 'ignore',
    });
  let child = await start();
  return {
    dir,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async crash() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async restart() {
      child = await start();
    },
    async stop() {
      // A paused process hears no request to end.
      child.kill('SIGCONT');
      await endChild(child);
    },
  };
}
