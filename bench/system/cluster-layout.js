import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from './free-port.js';

/** How many primaries the clusters of these programs have. */
export const PRIMARIES = 3;

const HOST = '127.0.0.1';
const SLOTS = 16_384;
/** Fixed by Redis: each node speaks to the others on its port plus this. */
const BUS_DISTANCE = 10_000;
const PORTS_TRIED_MAX = 50;

/**
 * The slots of the n-th primary, one by one: Redis before 7.0 knows no ranges.
 *
 * @param {number} index from 0
 */
export function slotsOf(index) {
  const from = Math.floor((SLOTS * index) / PRIMARIES);
  const until = Math.floor((SLOTS * (index + 1)) / PRIMARIES);
  return Array.from({ length: until - from }, (_, at) => from + at);
}

/** A free port for a node of a cluster, with a free one beside it for its bus. */
export async function freeNodePort() {
  for (let tried = 0; tried < PORTS_TRIED_MAX; tried++) {
    const port = await freePort();
    if (await isFree(port + BUS_DISTANCE)) return port;
  }
  throw new Error('no free port with a free one beside it for the bus of a cluster');
}

async function isFree(port) {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
