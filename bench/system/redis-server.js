import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { endChild, startChild } from './children.js';
import { freePort } from './free-port.js';

const PATIENCE_MS = 10_000;

/**
 * A real redis-server of the benchmark's own, and a connection to look after it.
 *
 * @typedef {object} RedisServer
 * @property {string} url
 * @property {boolean} durable
 * @property {Redis} admin
 * @property {() => Promise<number>} cpuMicroseconds all that it has used so far, by its own account
 * @property {() => Promise<number>} usedMemory bytes, by its own account
 * @property {() => void} pause it hears nothing any more
 * @property {() => void} resume
 * @property {() => Promise<void>} crash ends it without a warning
 * @property {() => Promise<void>} restart after a crash, with what it has on its disk
 * @property {() => Promise<void>} stop
 */

/**
 * Starts redis-server in a folder of its own.
 *
 * `durable`: every write is on disk before it is acknowledged (`appendfsync always`), as the gateway recommends;
 * else nothing is written to disk. The append-only file is never rewritten: that would fall into some run or other.
 *
 * @param {{ folder: string, durable: boolean, core: number | null }} options
 * @returns {Promise<RedisServer>}
 */
export async function startRedis({ folder, durable, core }) {
  const dir = await mkdtemp(join(folder, 'redis-'));
  const port = await freePort();
  const persistence = durable ? ['yes', '--appendfsync', 'always'] : ['no'];
  const start = () =>
    startChild(
      process.env.REDIS_SERVER_BIN || 'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--logfile', join(dir, 'log')],
        ...['--save', '', '--auto-aof-rewrite-percentage', '0', '--appendonly', ...persistence],
      ],
      { core, stdio: 'ignore' },
    );
  let child = await start();
  const url = `redis://127.0.0.1:${port}`;
  let admin = await connect(url);
  return {
    url,
    durable,
    get admin() {
      return admin;
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async crash() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async restart() {
      child = await start();
      admin.disconnect();
      admin = await connect(url);
    },
    cpuMicroseconds: async () => {
      const info = await admin.info('cpu');
      return (infoNumber(info, 'used_cpu_user') + infoNumber(info, 'used_cpu_sys')) * 1e6;
    },
    usedMemory: async () => infoNumber(await admin.info('memory'), 'used_memory'),
    stop: async () => {
      // A paused process hears no request to end.
      child.kill('SIGCONT');
      admin.disconnect();
      await endChild(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function connect(url) {
  const admin = new Redis(url, {
    protocol: 2,
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
  });
  admin.on('error', () => {});
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await admin.connect();
      await admin.ping();
      return admin;
    } catch (cause) {
      if (performance.now() > giveUpAt) throw new Error('redis-server did not answer', { cause });
      await sleep(50);
    }
  }
}

/**
 * @param {string} info an answer of INFO
 * @param {string} name
 */
export function infoNumber(info, name) {
  const found = new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info);
  if (!found) throw new Error(`INFO of this Redis has no ${name}`);
  return Number(found[1]);
}
