import { freeNodePort, PRIMARIES, slotsOf } from '../../bench/system/cluster-layout.js';
import { HOST } from '../../bench/system/redis-process.js';
import { DURABLE, isLinked, startRedisNode, untilSo } from './redis-node.js';
import { lossesOfFailover, replicatedFaults } from './replicated-faults.js';

/** A node that is silent for so long is down; Redis's default is 15 s. */
const NODE_TIMEOUT_MS = 1_000;
/** A primary gives one away only when so many would be left: never. */
const KEPT_REPLICAS = 10;
/** A key of the service that a run is about. */
const KEY = 'mg:{default}:names';

/**
 * Three primaries, each with a replica, or with as many as are waited for; the service of a run lives on one of them.
 * As with Sentinel, waiting for fewer than all of them would prove nothing.
 */
export const REDIS_CLUSTER = {
  title: 'a Redis Cluster of three primaries and their replicas',
  canKill: true,
  faults: ['pause', 'client-pause', 'script-flush', 'out-of-memory', 'kill-other'],
  losses: lossesOfFailover,

  /**
   * @param {string} folder
   * @param {{ waitReplicas: number }} options
   * @returns {Promise<import('./stores.js').RunningStore>}
   */
  async open(folder, { waitReplicas }) {
    const args = [...DURABLE, '--cluster-enabled', 'yes', '--cluster-node-timeout', String(NODE_TIMEOUT_MS)];
    // A replica that went over to another primary would leave one with fewer than are waited for, for good.
    args.push('--cluster-migration-barrier', String(KEPT_REPLICAS));
    const replicasEach = waitReplicas || 1;
    const nodes = [];
    for (let n = 0; n < (1 + replicasEach) * PRIMARIES; n++) {
      nodes.push(await startRedisNode({ folder, port: await freeNodePort(), args }));
    }
    await meet(nodes);

    const untilWhole = () =>
      untilSo('the cluster is whole', async () => {
        const infos = await Promise.all(
          nodes.map(async (node) => String(await node.call('CLUSTER', 'INFO'))),
        );
        if (!infos.every((info) => info.includes('cluster_state:ok'))) return false;
        const roles = await Promise.all(nodes.map(async (node) => (await node.call('ROLE'))[0]));
        const replicas = nodes.filter((_, at) => roles[at] !== 'master');
        return (
          replicas.length === replicasEach * PRIMARIES &&
          (await Promise.all(replicas.map(isLinked))).every(Boolean)
        );
      });
    await untilWhole();
    const findOwner = async () => {
      const slot = await nodes[0].call('CLUSTER', 'KEYSLOT', KEY);
      const ranges = await nodes[0].call('CLUSTER', 'SLOTS');
      const [, , [, port]] = ranges.find(([from, to]) => from <= slot && slot <= to);
      return nodes.find((node) => node.port === port);
    };
    const { crash, ...common } = replicatedFaults({ findPrimary: findOwner, untilWhole });
    const faults = {
      ...common,
      async 'kill-other'() {
        const owner = await findOwner();
        return crash(nodes.find((node) => node !== owner));
      },
    };
    return {
      environment: {
        REDIS_CLUSTER_NODES: nodes.map(({ port }) => `${HOST}:${port}`).join(','),
        REDIS_WAIT_REPLICAS: String(waitReplicas),
      },
      begin: (fault, lastsMs) => faults[fault](lastsMs),
      stop: () => Promise.all(nodes.map((node) => node.stop())),
    };
  },
};

async function meet(nodes) {
  const [primaries, replicas] = [nodes.slice(0, PRIMARIES), nodes.slice(PRIMARIES)];
  for (const [index, node] of primaries.entries()) {
    await untilSo('a node answers', async () => (await node.call('PING')) === 'PONG');
    // Different epochs from the start; equal ones are settled by an election, which takes time.
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    await node.call('CLUSTER', 'ADDSLOTS', ...slotsOf(index).map(String));
  }
  const [first, ...others] = nodes;
  for (const { port } of others) await first.call('CLUSTER', 'MEET', HOST, String(port));
  for (const node of nodes) {
    await untilSo('all nodes know each other', async () =>
      String(await node.call('CLUSTER', 'INFO')).includes(`cluster_known_nodes:${nodes.length}`),
    );
  }
  for (const [index, replica] of replicas.entries()) {
    const primary = primaries[index % PRIMARIES];
    await replica.call('CLUSTER', 'REPLICATE', String(await primary.call('CLUSTER', 'MYID')));
  }
}
