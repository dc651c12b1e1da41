import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type RedisServer, startRedisServer } from './redis-server.ts';

export interface RedisCluster {
  nodes: { host: string; port: number }[];
  /** The same nodes, in the same order, to kill or pause one. */
  servers: RedisServer[];
  stop(): Promise<void>;
}

const PRIMARIES = 3;
const SLOTS = 16_384;
/** Fixed by Redis: each node speaks to the others on its port plus this. */
const BUS_DISTANCE = 10_000;
const READY_DEADLINE_MS = 15_000;

/** Starts three real primaries that share all slots, and resolves when each says that the cluster is up. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const started = await Promise.allSettled(Array.from({ length: PRIMARIES }, startNode));
  const servers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    await join(servers);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: servers.map(({ host, port }) => ({ host, port })), servers, stop };
}

function startNode(): Promise<RedisServer> {
  return startRedisServer({
    portsAlsoAt: [BUS_DISTANCE],
    args: [
      ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
      // Short, so that tests of a lost node do not wait for the default of 15 s.
      ...['--cluster-node-timeout', '1000'],
    ],
  });
}

async function join(servers: readonly RedisServer[]): Promise<void> {
  const clients = servers.map(({ host, port }) => new Redis(port, host));
  try {
    await Promise.all(
      clients.map(async (client, index) => {
        // Different epochs from the start; equal ones are settled by an election of their own, which takes time.
        await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
        await assignSlots(client, slotStart(index), slotStart(index + 1) - 1);
      }),
    );
    const [first, ...others] = clients;
    for (const client of others) {
      await first?.call('CLUSTER', 'MEET', client.options.host ?? '', String(client.options.port));
    }
    await Promise.all(clients.map(untilReady));
  } finally {
    for (const client of clients) client.disconnect();
  }
}

function slotStart(index: number): number {
  return Math.floor((SLOTS * index) / PRIMARIES);
}

async function assignSlots(client: Redis, from: number, to: number): Promise<void> {
  try {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
  } catch {
    // Redis before 7.0 knows no ranges.
    const slots = Array.from({ length: to - from + 1 }, (_, offset) => String(from + offset));
    await client.call('CLUSTER', 'ADDSLOTS', ...slots);
  }
}

async function untilReady(client: Redis): Promise<void> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  let info = '';
  while (performance.now() < deadline) {
    info = String(await client.call('CLUSTER', 'INFO'));
    if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${PRIMARIES}`)) return;
    await sleep(50);
  }
  throw new Error(`the cluster did not come up within ${READY_DEADLINE_MS} ms:\n${info}`);
}
