import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { endChild, startChild } from '../../bench/system/children.js';

export const HOST = '127.0.0.1';
const PATIENCE_MS = 30_000;
const EVERY_MS = 30;

/**
 * One process of a Redis that is made of several.
 *
 * @typedef {object} RedisNode
 * @property {number} port
 * @property {(...command: string[]) => Promise<any>} call asks it; a new connection each time, since it comes and goes
 * @property {() => Promise<void>} crash SIGKILL
 * @property {() => Promise<void>} restart with what it has on its disk
 * @property {() => void} pause
 * @property {() => void} resume
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ folder: string, port: number, args: readonly string[], configText?: string }} options `configText`: of a file
 *   of its own, which it may rewrite
 * @returns {Promise<RedisNode>}
 */
export async function startRedisNode({ folder, port, args, configText }) {
  const dir = await mkdtemp(join(folder, `redis-${port}-`));
  const file = join(dir, 'redis.conf');
  await writeFile(file, configText ?? '');
  const command = [
    file,
    '--port',
    String(port),
    '--bind',
    HOST,
    '--dir',
    dir,
    '--logfile',
    join(dir, 'log'),
    ...args,
  ];
  const start = () =>
    startChild(process.env.REDIS_SERVER_BIN || 'redis-server', command, { core: null, stdio: 'ignore' });
  let child = await start();
  const call = async (...words) => {
    const client = new Redis(port, HOST, {
      ...{ lazyConnect: true, enableReadyCheck: false, retryStrategy: null, maxRetriesPerRequest: 0 },
      ...{ connectTimeout: 1_000, commandTimeout: 2_000 },
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return await client.call(...words);
    } finally {
      client.disconnect();
    }
  };
  return {
    ...{ port, call },
    async crash() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async restart() {
      child = await start();
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async stop() {
      // A paused process hears no request to end.
      child.kill('SIGCONT');
      await endChild(child);
    },
  };
}

/**
 * Asks until it is so.
 *
 * @param {string} what
 * @param {() => Promise<boolean>} isSo may reject while it is not
 */
export async function untilSo(what, isSo) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let cause;
  for (;;) {
    try {
      if (await isSo()) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > giveUpAt) throw new Error(`it never came to be that ${what}`, { cause });
    await sleep(EVERY_MS);
  }
}

/** Whether a replica has its primary's data and is told of changes. */
export async function isLinked(node) {
  const info = String(await node.call('INFO', 'replication'));
  return info.includes('master_link_status:up');
}

/** Durable, as the gateway recommends, and quick to give data to replicas. */
export const DURABLE = [
  ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'always', '--auto-aof-rewrite-percentage', '0'],
  ...['--repl-diskless-sync-delay', '0'],
];
