import { askRedis, untilLinked, untilYes } from './ask-redis.ts';
import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts';

export interface RedisCluster {
  /** Those that own slots at the start, as a client is told of them. */
  nodes: { host: string; port: number }[];
  /** The same nodes, in the same order, to kill or pause one. */
  servers: RedisServer[];
  /** Of each of them, in the same order; empty unless asked for. */
  replicas: RedisServer[][];
  stop(): Promise<void>;
}

export interface RedisClusterOptions {
  /** For each primary; one of them takes over when it fails. Default 0. */
  replicas?: number;
  /** For each node. */
  args?: readonly string[];
  appendfsyncAlways?: boolean;
}

const PRIMARIES = 3;
const SLOTS = 16_384;
/** Fixed by Redis: each node speaks to the others on its port plus this. */
const BUS_DISTANCE = 10_000;
const READY_DEADLINE_MS = 30_000;

/** Starts three real primaries that share all slots, and resolves when each node says that the cluster is up. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const count = PRIMARIES * (1 + (options.replicas ?? 0));
  const started = await Promise.allSettled(Array.from({ length: count }, () => startNode(options)));
  const all = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(all.map((server) => server.stop()));
  };
  const servers = all.slice(0, PRIMARIES);
  const replicas = servers.map((_, index) =>
    all.filter((_server, at) => at >= PRIMARIES && at % PRIMARIES === index),
  );
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    await join(servers, replicas);
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: servers.map(({ host, port }) => ({ host, port })), servers, replicas, stop };
}

function startNode({ args = [], appendfsyncAlways = false }: RedisClusterOptions): Promise<RedisServer> {
  const options: RedisServerOptions = {
    appendfsyncAlways,
    portsAlsoAt: [BUS_DISTANCE],
    args: [
      ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
      // Short, so that tests of a lost node do not wait for the default of 15 s.
      ...['--cluster-node-timeout', '1000', '--repl-diskless-sync-delay', '0'],
      ...args,
    ],
  };
  return startRedisServer(options);
}

async function join(servers: readonly RedisServer[], replicas: readonly RedisServer[][]): Promise<void> {
  const all = [...servers, ...replicas.flat()];
  await Promise.all(
    servers.map(({ port }, index) =>
      askRedis(port, async (client) => {
        // Different epochs from the start; equal ones are settled by an election of their own, which takes time.
        await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
        await assignSlots(
          (...question) => client.call('CLUSTER', ...question),
          slotStart(index),
          slotStart(index + 1) - 1,
        );
      }),
    ),
  );
  const [first] = servers;
  for (const { host, port } of all.slice(1)) {
    await askRedis(first?.port ?? 0, (client) => client.call('CLUSTER', 'MEET', host, String(port)));
  }
  for (const { port } of all) await untilInfo(port, `cluster_known_nodes:${all.length}`);
  for (const [index, { port: primary }] of servers.entries()) {
    const id = await nodeId(primary);
    for (const { port } of replicas[index] ?? []) {
      await askRedis(port, (client) => client.call('CLUSTER', 'REPLICATE', id));
    }
  }
  for (const { port } of all) await untilInfo(port, 'cluster_state:ok');
  for (const { port } of replicas.flat()) await untilLinked(port);
}

function slotStart(index: number): number {
  return Math.floor((SLOTS * index) / PRIMARIES);
}

async function assignSlots(
  cluster: (...question: string[]) => Promise<unknown>,
  from: number,
  to: number,
): Promise<void> {
  try {
    await cluster('ADDSLOTSRANGE', String(from), String(to));
  } catch {
    // Redis before 7.0 knows no ranges.
    await cluster('ADDSLOTS', ...Array.from({ length: to - from + 1 }, (_, offset) => String(from + offset)));
  }
}

/** The name under which a node knows itself. */
export async function nodeId(port: number): Promise<string> {
  return String(await askRedis(port, (client) => client.call('CLUSTER', 'MYID')));
}

function untilInfo(port: number, wanted: string): Promise<void> {
  const ask = async () =>
    String(await askRedis(port, (client) => client.call('CLUSTER', 'INFO'))).includes(wanted);
  return untilYes(`node ${port} says ${wanted}`, ask, READY_DEADLINE_MS);
}
