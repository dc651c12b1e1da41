import { startRedis } from '../../bench/system/redis-server.js';
import { startTcpProxy } from '../../bench/system/tcp-proxy.js';

/** One Redis with `appendfsync always`, behind a network that can fail. */
export const SINGLE_REDIS = {
  title: 'one Redis, appendfsync always',
  canKill: true,
  losses: () => 'nothing',
  faults: ['pause', 'black-hole', 'reset', 'client-pause', 'script-flush', 'out-of-memory', 'read-only'],

  /**
   * @param {string} folder
   * @returns {Promise<import('./stores.js').RunningStore>}
   */
  async open(folder) {
    const redis = await startRedis({ folder, durable: true, core: null });
    const proxy = await startTcpProxy(Number(new URL(redis.url).port));
    const config = (name, value) => redis.admin.config('SET', name, value);

    /** Each begins and answers how it ends. */
    const faults = {
      async kill() {
        await redis.crash();
        return () => redis.restart();
      },
      async pause() {
        redis.pause();
        return async () => redis.resume();
      },
      async 'black-hole'() {
        proxy.swallow();
        return async () => proxy.passOn();
      },
      async reset() {
        proxy.reset();
        return async () => {};
      },
      async 'client-pause'(lastsMs) {
        await redis.admin.call('CLIENT', 'PAUSE', String(lastsMs), 'ALL');
        return async () => {};
      },
      async 'script-flush'() {
        await redis.admin.script('FLUSH');
        return async () => {};
      },
      async 'out-of-memory'() {
        await config('maxmemory', '1');
        return () => config('maxmemory', '0');
      },
      async 'read-only'() {
        // A primary that nobody answers at: it keeps what it has and takes no writes.
        await redis.admin.replicaof('127.0.0.1', '1');
        return () => redis.admin.replicaof('NO', 'ONE');
      },
    };

    return {
      environment: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` },
      begin: (fault, lastsMs) => faults[fault](lastsMs),
      async stop() {
        await proxy.stop();
        await redis.stop();
      },
    };
  },
};
