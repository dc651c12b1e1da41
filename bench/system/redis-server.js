import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { HOST, startRedisProcess } from './redis-process.js';

const PATIENCE_MS = 10_000;

/**
 * A {@link startRedisProcess redis-server}, and a connection to look after it.
 *
 * @typedef {object} RedisServerFacts
 * @property {string} url
 * @property {boolean} durable
 * @property {Redis} admin
 * @property {() => Promise<number>} cpuMicroseconds all that it has used so far, by its own account
 * @property {() => Promise<number>} usedMemory bytes, by its own account
 */

/** @typedef {Omit<import('./redis-process.js').RedisProcess, 'dir'> & RedisServerFacts} RedisServer */

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
  const port = await freePort();
  const persistence = durable ? ['yes', '--appendfsync', 'always'] : ['no'];
  const args = ['--save', '', '--auto-aof-rewrite-percentage', '0', '--appendonly', ...persistence];
  const server = await startRedisProcess({ folder, port, args, core });
  const url = `redis://${HOST}:${port}`;
  let admin = await connect(url);
  return {
    url,
    durable,
    get admin() {
      return admin;
    },
    pause: server.pause,
    resume: server.resume,
    crash: server.crash,
    async restart() {
      await server.restart();
      admin.disconnect();
      admin = await connect(url);
    },
    cpuMicroseconds: async () => {
      const info = await admin.info('cpu');
      return (infoNumber(info, 'used_cpu_user') + infoNumber(info, 'used_cpu_sys')) * 1e6;
    },
    usedMemory: async () => infoNumber(await admin.info('memory'), 'used_memory'),
    async stop() {
      admin.disconnect();
      await server.stop();
      await rm(server.dir, { recursive: true, force: true });
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
