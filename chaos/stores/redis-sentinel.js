import { freePort } from '../../bench/system/free-port.js';
import { HOST } from '../../bench/system/redis-process.js';
import { DURABLE, isLinked, startRedisNode, untilSo } from './redis-node.js';
import { lossesOfFailover, replicatedFaults } from './replicated-faults.js';

const MASTER = 'main';
const REPLICAS = 2;
const SENTINELS = 3;
/** A master that is silent for so long is down; Redis's default is 30 s. */
const DOWN_AFTER_MS = 500;

/**
 * As the gateway recommends. A master that comes back while another takes over is told to follow only seconds later, and
 * Sentinel's clients stay with it until then: without a replica it must not take what will be dropped.
 */
const NOT_ALONE = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '10'];

/**
 * A master, replicas and three Sentinels: when the master fails, a replica takes over with what it has by then. There are
 * as many replicas as are waited for. With more of them a master that comes back while another takes over finds some to
 * acknowledge what will be dropped, so waiting for fewer than all of them proves nothing.
 */
export const REDIS_SENTINEL = {
  title: 'a master and its replicas under three Sentinels',
  canKill: true,
  faults: ['pause', 'client-pause', 'script-flush', 'out-of-memory', 'kill-replica', 'kill-sentinel'],
  losses: lossesOfFailover,

  /**
   * @param {string} folder
   * @param {{ waitReplicas: number }} options
   * @returns {Promise<import('./stores.js').RunningStore>}
   */
  async open(folder, { waitReplicas }) {
    const replicas = waitReplicas || REPLICAS;
    const args = [...DURABLE, ...(waitReplicas === 0 ? NOT_ALONE : [])];
    const master = await startRedisNode({ folder, port: await freePort(), args });
    const following = [...args, '--replicaof', HOST, String(master.port)];
    const servers = [master];
    for (let n = 0; n < replicas; n++) {
      servers.push(await startRedisNode({ folder, port: await freePort(), args: following }));
    }
    for (const replica of servers.slice(1)) await untilSo('a replica follows', () => isLinked(replica));
    const configText = [
      `sentinel monitor ${MASTER} ${HOST} ${master.port} 2`,
      `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${MASTER} 4000`,
    ].join('\n');
    const watchers = [];
    for (let n = 0; n < SENTINELS; n++) {
      watchers.push(
        await startRedisNode({ folder, port: await freePort(), args: ['--sentinel'], configText }),
      );
    }
    for (const watcher of watchers)
      await untilSo('a Sentinel knows the others', () => isAcquainted(watcher, replicas));

    /** By the servers themselves: the one that all others follow. */
    const findMaster = async () => {
      const roles = await Promise.all(servers.map(async (server) => (await server.call('ROLE'))[0]));
      const masters = servers.filter((_, at) => roles[at] === 'master');
      return masters.length === 1 ? masters[0] : null;
    };
    const awaitMaster = async () => {
      let found = null;
      await untilSo('one of the servers is the master', async () => {
        found = await findMaster();
        return found !== null;
      });
      return found;
    };
    const untilWhole = () =>
      untilSo('one is the master and the others follow it', async () => {
        const found = await findMaster();
        if (found === null) return false;
        const others = servers.filter((server) => server !== found);
        const linked = await Promise.all(others.map(isLinked));
        const named = await Promise.all(
          watchers.map(
            async (watcher) => (await watcher.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER))[1],
          ),
        );
        return linked.every(Boolean) && named.every((port) => Number(port) === found.port);
      });

    const { crash, ...common } = replicatedFaults({ findPrimary: awaitMaster, untilWhole });
    const faults = {
      ...common,
      async 'kill-replica'() {
        const found = await awaitMaster();
        return crash(servers.find((server) => server !== found));
      },
      'kill-sentinel': () => crash(watchers[0]),
    };
    return {
      environment: {
        REDIS_SENTINELS: watchers.map(({ port }) => `${HOST}:${port}`).join(','),
        REDIS_SENTINEL_MASTER: MASTER,
        REDIS_WAIT_REPLICAS: String(waitReplicas),
      },
      begin: (fault, lastsMs) => faults[fault](lastsMs),
      stop: () => Promise.all([...watchers, ...servers].map((node) => node.stop())),
    };
  },
};

/** Without the others it elects nobody. */
async function isAcquainted(watcher, replicas) {
  const flat = await watcher.call('SENTINEL', 'MASTER', MASTER);
  const fact = (name) => Number(flat[flat.indexOf(name) + 1]);
  return fact('num-other-sentinels') === SENTINELS - 1 && fact('num-slaves') === replicas;
}
