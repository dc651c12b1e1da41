import { EMBEDDED } from './embedded.js';
import { REDIS_CLUSTER } from './redis-cluster.js';
import { REDIS_SENTINEL } from './redis-sentinel.js';
import { SINGLE_REDIS } from './single-redis.js';

/**
 * A ledger's store that runs, empty at first.
 *
 * @typedef {object} RunningStore
 * @property {Record<string, string>} environment names it to a gateway
 * @property {(fault: string, lastsMs: number) => Promise<() => Promise<unknown>>} begin answers how the fault is ended
 * @property {() => Promise<unknown>} stop
 */

/**
 * What a run can be made on.
 *
 * @typedef {object} Store
 * @property {string} title
 * @property {boolean} canKill fault `kill`
 * @property {readonly string[]} faults all others
 * @property {(options: { waitReplicas: number }) => import('../promises/judge.js').Losses} losses
 * @property {(folder: string, options: { waitReplicas: number }) => Promise<RunningStore>} open
 */

/** @type {Record<string, Store>} */
export const STORES = {
  redis: SINGLE_REDIS,
  sentinel: REDIS_SENTINEL,
  cluster: REDIS_CLUSTER,
  embedded: EMBEDDED,
};
