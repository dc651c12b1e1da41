import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, treeCpuMicroseconds } from '../system/process-figures.js';

const SETTLE_MS = 150;

/**
 * One run of the load generator against one server, and what it cost whom.
 *
 * @typedef {object} RunFigures
 * @property {number} requests
 * @property {number} perSecond
 * @property {number | null} serverMicroseconds CPU of the server, all its processes, for a request
 * @property {number | null} redisMicroseconds CPU of Redis for a request; null when the server uses none
 * @property {number | null} loadShare of a core that the load generator was busy
 */

/**
 * @param {import('./contestants.js').Contestant} contestant
 * @param {object} job for the load generator
 * @param {{ client: import('./load-client.js').LoadClient, redis: import('../system/redis-server.js').RedisServer }} bench
 * @returns {Promise<{ result: any, figures: RunFigures }>}
 */
export async function measureRun({ server, mints, name }, job, { client, redis }) {
  await sleep(SETTLE_MS);
  const readAll = async () => ({
    server: treeCpuMicroseconds(server.pid),
    load: cpuMicroseconds(client.pid),
    redis: mints === null ? null : await redis.cpuMicroseconds(),
    atMs: performance.now(),
  });
  const before = await readAll();
  const result = await client.run({ ...job, port: server.port }).catch((error) => {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  });
  const after = await readAll();
  mints?.spend(result.sent);
  if (mints !== null && (await server.takeLogBytes()) === 0) throw new Error(`${name} wrote no request log`);
  const each = (kind) => (after[kind] === null ? null : (after[kind] - before[kind]) / result.answered);
  return {
    result,
    figures: {
      requests: result.answered,
      perSecond: result.answered / result.seconds,
      serverMicroseconds: each('server'),
      redisMicroseconds: each('redis'),
      loadShare: after.load === null ? null : (after.load - before.load) / 1000 / (after.atMs - before.atMs),
    },
  };
}
