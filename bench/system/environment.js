import { spawnSync } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, type } from 'node:os';

const TMPFS_MAGIC = 0x01021994;

/**
 * What a figure depends on besides the program.
 *
 * @param {import('./pinning.js').Placement} placement
 * @param {string} folder where data is written
 */
export async function describeEnvironment(placement, folder) {
  const { stdout } = spawnSync(process.env.REDIS_SERVER_BIN || 'redis-server', ['--version'], {
    encoding: 'utf8',
  });
  return {
    date: new Date().toISOString(),
    node: `${process.version} (OpenSSL ${process.versions.openssl})`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    system: `${type()} ${release()}`,
    redis: /v=(\S+)/.exec(stdout ?? '')?.[1] ?? 'not found',
    persistence: 'appendonly yes, appendfsync always, unless said otherwise',
    disk:
      (await statfs(folder)).type === TMPFS_MAGIC
        ? 'in memory (tmpfs): syncing costs nothing here'
        : 'a real file system',
    placement: placement.description,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
    network: 'loopback, without TLS',
  };
}
