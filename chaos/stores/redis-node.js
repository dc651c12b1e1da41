import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { HOST, startRedisProcess } from '../../bench/system/redis-process.js';

const PATIENCE_MS = 30_000;
const EVERY_MS = 30;

/**
 * One process of a Redis that is made of several.
 *
 * @typedef {object} Asked
 * @property {number} port
 * @property {(...command: string[]) => Promise<any>} call asks it; a new connection each time, since it comes and goes
 */

/** @typedef {import('../../bench/system/redis-process.js').RedisProcess & Asked} RedisNode */

/**
 * @param {{ folder: string, port: number, args: readonly string[], configText?: string }} options
 * @returns {Promise<RedisNode>}
 */
export async function startRedisNode(options) {
  const { port } = options;
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
  return { ...(await startRedisProcess({ ...options, core: null })), port, call };
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
