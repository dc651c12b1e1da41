import { Cluster, type Redis } from 'ioredis';
import { within } from '../../../async/within.ts';
import { readScriptTexts } from '../scripts.ts';
import { connectRedis, type RedisConnectionOptions } from './connect.ts';
import { parseInfo } from './parse-info.ts';

/** How a Redis server is set up, as far as the ledger depends on it. See `RedisNode` of the doctor's ports. */
export type ProbedNode = Awaited<ReturnType<typeof probeNode>>;

export interface ProbeClocks {
  /** ms since the epoch. */
  now(): number;
  /** Monotonic, ms. */
  elapsed(): number;
}

const PINGS = 40;
/** A slow server gets fewer pings. */
const PINGS_MS_MAX = 1_000;
/** Of the whole probe. Sentinels are tried for ever otherwise. */
const PROBE_MS_MAX = 4_500;

/**
 * Asks every server that takes writes how it is set up. Writes nothing but the scripts, which every gateway loads.
 *
 * @throws Error with the server's or network's own words, without the password
 */
export async function probeRedis(
  options: RedisConnectionOptions,
  clocks: ProbeClocks,
): Promise<ProbedNode[]> {
  // The deadline of an admission is judged by what is measured, so it must not cut the measuring short.
  const client = connectRedis({ ...options, deadlineMs: Math.max(2_000, options.deadlineMs) });
  let trouble: Error | null = null;
  client.on('error', (error: Error) => {
    trouble ??= error;
  });
  try {
    return await within(PROBE_MS_MAX, probe(client, clocks), () => new Error('no answer'));
  } catch (error) {
    // "Connection is closed." is what comes of it; the cause came as an event before.
    throw trouble ?? error;
  } finally {
    client.disconnect();
  }
}

async function probe(client: Redis | Cluster, clocks: ProbeClocks): Promise<ProbedNode[]> {
  await client.connect();
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  return Promise.all(nodes.map((node) => probeNode(node, clocks)));
}

async function probeNode(node: Redis, clocks: ProbeClocks) {
  const before = clocks.now();
  const [seconds, microseconds] = await node.time();
  const skewMs = Number(seconds) * 1000 + Number(microseconds) / 1000 - (before + clocks.now()) / 2;
  const info = parseInfo(await node.info());
  const settings = await readSettings(node);
  const save = settings['save'];
  return {
    address: `${node.options.host}:${node.options.port}`,
    version: info['redis_version'] ?? '',
    isReplica: info['role'] === 'slave',
    isCluster: info['cluster_enabled'] === '1',
    evictionPolicy: info['maxmemory_policy'] ?? '',
    memoryMax: Number(info['maxmemory'] ?? 0),
    appendOnly: info['aof_enabled'] === '1',
    appendFsync: settings['appendfsync'] ?? null,
    snapshots: save === undefined ? null : save !== '',
    replicas: Number(info['connected_slaves'] ?? 0),
    compactFieldsMax: numberOf(settings['hash-max-listpack-entries']),
    compactValueBytesMax: numberOf(settings['hash-max-listpack-value']),
    skewMs: Math.round(skewMs),
    latency: await measure(node, clocks),
    scriptsRefused: await loadScripts(node),
  };
}

/** Managed servers often refuse CONFIG; what is not known is left out. */
async function readSettings(node: Redis): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const name of ['appendfsync', 'save', 'hash-max-listpack-entries', 'hash-max-listpack-value']) {
    const answer = (await node.config('GET', name).catch(() => [])) as string[];
    if (answer[1] !== undefined) settings[name] = answer[1];
  }
  return settings;
}

async function measure(node: Redis, { elapsed }: ProbeClocks): Promise<{ p50Ms: number; p99Ms: number }> {
  const begun = elapsed();
  const times: number[] = [];
  while (times.length < PINGS && elapsed() - begun < PINGS_MS_MAX) {
    const sent = elapsed();
    await node.ping();
    times.push(elapsed() - sent);
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function loadScripts(node: Redis): Promise<string | null> {
  try {
    for (const text of readScriptTexts()) await node.script('LOAD', text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function numberOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
