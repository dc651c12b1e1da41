import { error, type Finding, ok, warn } from '../finding.ts';
import type { RedisNode } from '../ports.ts';

/** How the gateway is told to use Redis. */
export interface RedisUse {
  isCluster: boolean;
  waitReplicas: number;
  /** Deadline of one call, ms. */
  deadlineMs: number;
}

const VERSION_MIN = 6.2;

/** What Redis, or the way to it, says instead of answering. */
export function explainRedisFailure(thrown: unknown): Finding {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return error({
    detail: `does not answer: ${detail}`,
    why: 'Nobody can be counted without it, so nobody gets a token.',
    fix: fixFor(detail),
  });
}

function fixFor(detail: string): string {
  if (/NOAUTH|WRONGPASS|NOPERM|invalid (username|password)/i.test(detail)) {
    return 'Compare the user and password in REDIS_URL (REDIS_USERNAME, REDIS_PASSWORD for Cluster and Sentinel) with the ACL of the server.';
  }
  if (/cluster support disabled/i.test(detail))
    return 'Use REDIS_URL instead of REDIS_CLUSTER_NODES: this is a single server.';
  if (/ENOTFOUND|EAI_AGAIN/.test(detail))
    return 'Compare the host name with what the server is called; the name cannot be looked up.';
  if (/certificate|SSL|TLS|EPROTO/i.test(detail))
    return 'Use rediss:// (REDIS_TLS=true) exactly where the server speaks TLS, with a certificate that this machine trusts.';
  return 'Compare REDIS_URL, REDIS_CLUSTER_NODES or REDIS_SENTINELS with where the server listens, and look at firewalls.';
}

export function judgeRedisVersion(nodes: readonly RedisNode[]): Finding {
  const versions = [...new Set(nodes.map(({ version }) => version))].join(', ');
  const old = nodes.filter(({ version }) => Number.parseFloat(version) < VERSION_MIN);
  const where = nodes.length === 1 ? (nodes[0]?.address ?? '') : `${nodes.length} masters`;
  if (old.length === 0) return ok(`${versions} at ${where}`);
  return error({
    detail: `${versions}`,
    why: `The scripts are tested with Redis ${VERSION_MIN} and later.`,
    fix: `Upgrade Redis to ${VERSION_MIN} or newer.`,
  });
}

/** An evicted key is a person who is forgotten, a limit that is gone, or a bill that nobody can explain. */
export function judgeEviction(nodes: readonly RedisNode[]): Finding {
  const bad = nodes.filter(({ evictionPolicy }) => evictionPolicy !== 'noeviction');
  if (bad.length === 0) return ok('noeviction');
  const isBounded = bad.some(({ memoryMax }) => memoryMax > 0);
  return error({
    detail: `maxmemory-policy is ${describe(bad, nodes, ({ evictionPolicy }) => evictionPolicy)}`,
    why: `Under memory pressure Redis would silently delete people who are counted: the gateway admits them again as new, and the budget no longer holds.${isBounded ? '' : ' There is no maxmemory yet; it begins the day that one is set.'}`,
    fix: 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf (or the parameter group of a managed Redis), on replicas too. Caches belong into another Redis.',
  });
}

export function judgePersistence(nodes: readonly RedisNode[]): Finding {
  const volatile = nodes.filter(({ appendOnly, snapshots }) => !appendOnly && snapshots === false);
  const why =
    'What Redis loses at a crash was counted and billed: those people are admitted again as new, beyond the budget.';
  const fix = 'Set appendonly yes and appendfsync always; docs/benchmarks.md has what they cost Redis.';
  if (volatile.length > 0) {
    return error({ detail: 'nothing is written to disk', why, fix });
  }
  const snapshotsOnly = nodes.filter(({ appendOnly }) => !appendOnly);
  if (snapshotsOnly.length > 0) {
    return warn({ detail: 'appendonly is off: a crash loses everything since the last snapshot', why, fix });
  }
  const loose = nodes.filter(({ appendFsync }) => appendFsync !== null && appendFsync !== 'always');
  if (loose.length > 0) {
    const mode = describe(loose, nodes, ({ appendFsync }) => appendFsync ?? '');
    return warn({ detail: `appendfsync is ${mode}: a crash may lose about a second or more`, why, fix });
  }
  const unknown = nodes.some(({ appendFsync }) => appendFsync === null);
  return ok(unknown ? 'appendonly; appendfsync cannot be read here' : 'appendonly, appendfsync always');
}

export function judgeMode(nodes: readonly RedisNode[], { isCluster, waitReplicas }: RedisUse): Finding {
  if (!isCluster && nodes.some((node) => node.isCluster)) {
    return error({
      detail: 'the server is a node of a cluster, but REDIS_URL means a single server',
      why: 'Every key that lives on another node is refused (MOVED).',
      fix: 'Use REDIS_CLUSTER_NODES instead of REDIS_URL.',
    });
  }
  if (nodes.some(({ isReplica }) => isReplica)) {
    return error({
      detail: 'the server is a replica',
      why: 'Replicas take no writes, so nobody can be counted.',
      fix: 'Name the master in REDIS_URL, or let REDIS_SENTINELS find it.',
    });
  }
  const fewest = Math.min(...nodes.map(({ replicas }) => replicas));
  if (waitReplicas > fewest) {
    return error({
      detail: `REDIS_WAIT_REPLICAS is ${waitReplicas}, and the server has ${fewest}`,
      why: 'No admission is ever acknowledged, so nobody gets a token.',
      fix: 'Connect the replicas, or lower REDIS_WAIT_REPLICAS.',
    });
  }
  return ok(isCluster ? `cluster, ${nodes.length} masters` : `single master, ${fewest} replica(s)`);
}

export function judgeLatency(nodes: readonly RedisNode[], { deadlineMs }: RedisUse): Finding {
  const p50 = Math.max(...nodes.map(({ latency }) => latency.p50Ms));
  const p99 = Math.max(...nodes.map(({ latency }) => latency.p99Ms));
  const detail = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  if (p99 < deadlineMs / 2) return ok(detail);
  return warn({
    detail: `${detail}, of a deadline of ${deadlineMs} ms`,
    why: 'An admission that is not answered in time is refused with 503.',
    fix: 'Bring the gateway nearer to Redis, look at what else runs there (SLOWLOG GET), or raise ledger.deadlineMs.',
  });
}

export function judgeScripts(nodes: readonly RedisNode[]): Finding {
  const refused = nodes.find(({ scriptsRefused }) => scriptsRefused !== null);
  if (refused === undefined) return ok('load');
  return error({
    detail: `not loaded: ${refused.scriptsRefused}`,
    why: 'Counting is done by Lua scripts; without them nobody can be counted.',
    fix: 'Allow EVALSHA, EVAL and SCRIPT LOAD to the user (ACL SETUSER … +@scripting), and use a Redis that runs Lua.',
  });
}

/** With the address of each, where there is more than one server to look for. */
function describe(
  some: readonly RedisNode[],
  all: readonly RedisNode[],
  what: (node: RedisNode) => string,
): string {
  return some.map((node) => (all.length === 1 ? what(node) : `${what(node)} at ${node.address}`)).join(', ');
}
