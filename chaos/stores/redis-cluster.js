import { freeNodePort, PRIMARIES, slotsOf } from '../../bench/system/cluster-layout.js';
import { DURABLE, HOST, isLinked, startRedisNode, untilSo } from './redis-node.js';
import { replicatedFaults } from './replicated-faults.js';

/** A node that is silent for so long is down; Redis's default is 15 s. */
const NODE_TIMEOUT_MS = 1_000;
/** A key of the service that a run is about. */
const KEY = 'mg:{default}:names';

/** Three primaries with a replica each; the service of a run lives on one of them. */
export const REDIS_CLUSTER = {
  title: 'a Redis Cluster of three primaries with a replica each',
  canKill: true,
  faults: ['pause', 'script-flush', 'kill-other'],
  losses: () => 'anything',

  /**
   * @param {string} folder
   * @returns {Promise<import('./stores.js').RunningStore>}
   */
  async open(folder) {
    const args = [...DURABLE, '--cluster-enabled', 'yes', '--cluster-node-timeout', String(NODE_TIMEOUT_MS)];
    const nodes = [];
    for (let n = 0; n < 2 * PRIMARIES; n++) {
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
        return replicas.length === PRIMARIES && (await Promise.all(replicas.map(isLinked))).every(Boolean);
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
      environment: { REDIS_CLUSTER_NODES: nodes.map(({ port }) => `${HOST}:${port}`).join(',') },
      begin: (fault) => faults[fault](),
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
    await replica.call('CLUSTER', 'REPLICATE', String(await primaries[index].call('CLUSTER', 'MYID')));
  }
}
