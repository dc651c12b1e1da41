import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { endChild, startChild } from '../bench/system/children.js';
import { freeNodePort, PRIMARIES, slotsOf } from '../bench/system/cluster-layout.js';

const HOST = '127.0.0.1';
const PATIENCE_MS = 20_000;

/**
 * Three real primaries that share all slots.
 *
 * @param {string} folder
 * @returns {Promise<{ addresses: string[], stop: () => Promise<void> }>}
 */
export async function startRedisCluster(folder) {
  const nodes = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (let index = 0; index < PRIMARIES; index++) nodes.push(await startNode(folder));
    await meet(nodes);
  } catch (error) {
    await stop();
    throw error;
  }
  return { addresses: nodes.map(({ port }) => `${HOST}:${port}`), stop };
}

async function startNode(folder) {
  const dir = await mkdtemp(join(folder, 'node-'));
  const port = await freeNodePort();
  const args = [
    ...['--port', port, '--bind', HOST, '--dir', dir, '--logfile', join(dir, 'log')],
    ...['--cluster-enabled', 'yes', '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
  ];
  const child = await startChild(process.env.REDIS_SERVER_BIN || 'redis-server', args.map(String), {
    core: null,
    stdio: 'ignore',
  });
  const admin = new Redis(port, HOST, { lazyConnect: true, enableReadyCheck: false, retryStrategy: null });
  admin.on('error', () => {});
  return {
    ...{ port, admin },
    stop: async () => {
      admin.disconnect();
      await endChild(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function meet(nodes) {
  for (const [index, { admin }] of nodes.entries()) {
    await within(() => admin.connect().then(() => admin.ping()), 'a node of the cluster does not answer');
    // Different epochs from the start; equal ones are settled by an election, which takes time.
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    await admin.call('CLUSTER', 'ADDSLOTS', ...slotsOf(index).map(String));
  }
  const [first, ...others] = nodes;
  for (const { port } of others) {
    await first.admin.call('CLUSTER', 'MEET', HOST, String(port));
  }
  for (const { admin } of nodes) {
    await within(async () => {
      const info = String(await admin.call('CLUSTER', 'INFO'));
      const ready = info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${PRIMARIES}`);
      if (!ready) throw new Error(info);
    }, 'the cluster does not come up');
  }
}

/** Tries until it works or patience ends. */
async function within(attempt, complaint) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (performance.now() > giveUpAt) throw new Error(complaint, { cause });
      await sleep(50);
    }
  }
}
