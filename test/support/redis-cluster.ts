import { addressesOf } from './addresses.ts';
import { askRedis, type RedisLogin, untilLinked, untilYes } from './ask-redis.ts';
import { type Certificate, tlsArgs } from './certificate.ts';
import { freePort } from './free-port.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

export interface RedisCluster {
  /** Those that own slots at the start, as a client is told of them; with a certificate, for TLS. */
  nodes: { host: string; port: number }[];
  /** What leads a gateway there; without passwords. */
  env: { REDIS_CLUSTER_NODES: string };
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
  /** Nodes speak TLS to each other then, also on their bus, and tell clients of those ports. */
  certificate?: Certificate;
  /** Asked of everybody, other nodes too; default nothing. */
  password?: string;
  /** A node that is silent for so long is down. Default Redis's own, for which no busy machine keeps a node from its turn. */
  downAfterMs?: number;
}

/** A node, and the port that others are told of. */
interface Told {
  server: RedisServer;
  port: number;
}

const PRIMARIES = 3;
const SLOTS = 16_384;
/** Fixed by Redis: each node speaks to the others on its port plus this. */
const BUS_DISTANCE = 10_000;
const READY_DEADLINE_MS = 30_000;
const DOWN_AFTER_MS = 15_000;
/** For tests of a node that is lost, which do not wait for so long. */
export const NODE_DOWN_SOON_MS = 1_000;

/** Starts three real primaries that share all slots, and resolves when each node says that the cluster is up. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const count = PRIMARIES * (1 + (options.replicas ?? 0));
  const started = await Promise.allSettled(Array.from({ length: count }, () => startNode(options)));
  const all = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(all.map(({ server }) => server.stop()));
  };
  const primaries = all.slice(0, PRIMARIES);
  const heirs = primaries.map((_, index) =>
    all.filter((_node, at) => at >= PRIMARIES && at % PRIMARIES === index),
  );
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    await join(primaries, heirs, options.password === undefined ? {} : { password: options.password });
  } catch (error) {
    await stop();
    throw error;
  }
  const nodes = primaries.map(({ server, port }) => ({ host: server.host, port }));
  return {
    nodes,
    env: { REDIS_CLUSTER_NODES: addressesOf(nodes) },
    servers: primaries.map(({ server }) => server),
    replicas: heirs.map((nodes) => nodes.map(({ server }) => server)),
    stop,
  };
}

async function startNode(options: RedisClusterOptions): Promise<Told> {
  const {
    args = [],
    appendfsyncAlways = false,
    certificate,
    password,
    downAfterMs = DOWN_AFTER_MS,
  } = options;
  let tlsPort: number | null = null;
  const tls = async () => {
    if (!certificate) return [];
    tlsPort = await freePort([BUS_DISTANCE]);
    return [...tlsArgs(tlsPort, certificate), '--tls-cluster', 'yes'];
  };
  const login = password === undefined ? [] : ['--requirepass', password, '--masterauth', password];
  const server = await startRedisServer({
    appendfsyncAlways,
    portsAlsoAt: [BUS_DISTANCE],
    args: [
      ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
      ...['--cluster-node-timeout', String(downAfterMs), '--repl-diskless-sync-delay', '0'],
      ...[...login, ...args],
    ],
    argsOfTry: tls,
  });
  return { server, port: tlsPort ?? server.port };
}

/** Questions go to the ports without TLS, which every node has besides. */
async function join(
  primaries: readonly Told[],
  heirs: readonly (readonly Told[])[],
  login: RedisLogin,
): Promise<void> {
  const all = [...primaries, ...heirs.flat()];
  await Promise.all(
    primaries.map(({ server }, index) =>
      askRedis(
        server.port,
        async (client) => {
          // Different epochs from the start; equal ones are settled by an election of their own, which takes time.
          await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
          await assignSlots(
            (...question) => client.call('CLUSTER', ...question),
            slotStart(index),
            slotStart(index + 1) - 1,
          );
        },
        login,
      ),
    ),
  );
  const first = primaries[0]!.server.port;
  for (const { server, port } of all.slice(1)) {
    await askRedis(first, (client) => client.call('CLUSTER', 'MEET', server.host, String(port)), login);
  }
  for (const { server } of all) await untilInfo(server.port, `cluster_known_nodes:${all.length}`, login);
  for (const [index, { server: primary }] of primaries.entries()) {
    const id = await nodeId(primary.port, login);
    for (const { server } of heirs[index] ?? []) {
      await askRedis(server.port, (client) => client.call('CLUSTER', 'REPLICATE', id), login);
    }
  }
  for (const { server } of all) await untilInfo(server.port, 'cluster_state:ok', login);
  for (const { server } of heirs.flat()) await untilLinked(server.port, login);
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
export async function nodeId(port: number, login: RedisLogin = {}): Promise<string> {
  return String(await askRedis(port, (client) => client.call('CLUSTER', 'MYID'), login));
}

function untilInfo(port: number, wanted: string, login: RedisLogin): Promise<void> {
  const ask = async () =>
    String(await askRedis(port, (client) => client.call('CLUSTER', 'INFO'), login)).includes(wanted);
  return untilYes(`node ${port} says ${wanted}`, ask, READY_DEADLINE_MS);
}
