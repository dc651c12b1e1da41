import { join } from 'node:path';
import { startRedis } from '../bench/system/redis-server.js';
import { startRedisCluster } from './redis-cluster.js';

/**
 * A ledger's store, empty.
 *
 * @typedef {object} Store
 * @property {Record<string, string>} environment names it to a gateway
 * @property {() => Promise<unknown>} stop
 */

/**
 * What a race can be run on.
 *
 * @typedef {object} Ground
 * @property {string} title
 * @property {number} gateways that may share it
 * @property {(folder: string) => Promise<Store>} open
 */

/** @type {Record<string, Ground>} */
export const GROUNDS = {
  redis: {
    title: 'two gateways, one Redis',
    gateways: 2,
    async open(folder) {
      const redis = await startRedis({ folder, durable: true, core: null });
      return { environment: { REDIS_URL: redis.url }, stop: redis.stop };
    },
  },
  cluster: {
    title: 'two gateways, a Redis Cluster of three',
    gateways: 2,
    async open(folder) {
      const { addresses, stop } = await startRedisCluster(folder);
      return { environment: { REDIS_CLUSTER_NODES: addresses.join(',') }, stop };
    },
  },
  embedded: {
    title: 'one gateway, embedded ledger',
    gateways: 1,
    async open(folder) {
      const path = join(folder, `embedded-${Date.now()}.db`);
      return { environment: { LEDGER: 'embedded', LEDGER_PATH: path }, stop: async () => {} };
    },
  },
};
