import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { endChild, startChild } from '../system/children.js';
import { freePort } from '../system/free-port.js';
import { infoNumber } from '../system/redis-server.js';

/**
 * A redis-server whose append-only file is synced once a second and rewritten only when told, and the questions that a
 * month of many millions raises.
 *
 * @param {string} dir where its files go
 * @param {{ cluster?: boolean }} [options] as a node of a Cluster, which knows no other yet
 */
export async function startScaleRedis(dir, { cluster = false } = {}) {
  const port = await freePort();
  const start = () =>
    startChild(
      process.env.REDIS_SERVER_BIN || 'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--logfile', join(dir, 'log')],
        ...(cluster ? ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'] : []),
        ...[
          '--save',
          '',
          '--appendonly',
          'yes',
          '--appendfsync',
          'everysec',
          '--auto-aof-rewrite-percentage',
          '0',
        ],
      ],
      { core: null, stdio: 'ignore' },
    );
  let child = await start();
  const url = `redis://127.0.0.1:${port}`;
  const admin = new Redis(url, { protocol: 2, maxLoadingRetryTime: 100, retryStrategy: () => 50 });
  admin.on('error', () => {});
  await admin.ping();
  const persistence = async (name) => infoNumber(await admin.info('persistence'), name);
  return {
    url,
    port,
    admin,
    cpuMicroseconds: async () => {
      const info = await admin.info('cpu');
      return (infoNumber(info, 'used_cpu_user') + infoNumber(info, 'used_cpu_sys')) * 1e6;
    },
    usedMemory: async () => infoNumber(await admin.info('memory'), 'used_memory'),
    bytesOf: (key) => admin.memory('USAGE', key, 'SAMPLES', 0),
    minted: async (totals) => Number(await admin.hget(totals, 'minted')),
    async aofBytes() {
      const folder = join(dir, 'appendonlydir');
      const sizes = (await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size);
      return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
    },
    /** Answers what it took, s. */
    async rewrite() {
      const startedAt = performance.now();
      await admin.bgrewriteaof();
      do await sleep(50);
      while (
        (await persistence('aof_rewrite_in_progress')) + (await persistence('aof_rewrite_scheduled')) >
        0
      );
      return (performance.now() - startedAt) / 1000;
    },
    lastForkMs: async () => infoNumber(await admin.info('stats'), 'latest_fork_usec') / 1000,
    /** Ends it, starts it again, and answers how long it read its file, s. */
    async restart() {
      await endChild(child);
      const startedAt = performance.now();
      child = await start();
      for (;;) {
        const isReady = await admin.ping().catch(() => false);
        if (isReady && (await persistence('loading')) === 0) return (performance.now() - startedAt) / 1000;
        await sleep(20);
      }
    },
    async stop() {
      admin.disconnect();
      await endChild(child);
    },
  };
}
