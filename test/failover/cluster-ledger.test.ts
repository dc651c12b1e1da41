// Only Redis has another server that takes over.
import { afterEach } from '@jest/globals';
import { askRedis } from '../support/ask-redis.ts';
import { NODE_DOWN_SOON_MS, type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { describeFailover } from './describe-failover.ts';
import { findPlace } from './slots.ts';
import type { StoreWithHeirs } from './strike-primary.ts';

let cluster: RedisCluster;
afterEach(() => cluster.stop());

/** With a replica to wait for, another one must be left when one has taken over. */
async function startStore(waitReplicas: number): Promise<StoreWithHeirs> {
  cluster = await startRedisCluster({ replicas: 1 + waitReplicas, downAfterMs: NODE_DOWN_SOON_MS });
  const { nodes, servers, replicas } = cluster;
  return {
    connection: { kind: 'cluster', nodes },
    primaryOf: async (service) => (await findPlace(cluster, service)).owner,
    async hasPassedFrom(primary) {
      const heirs = replicas[servers.indexOf(primary)] ?? [];
      return (await Promise.all(heirs.map(isPrimary))).includes(true);
    },
  };
}

function isPrimary({ port }: RedisServer): Promise<boolean> {
  return askRedis(port, async (client) => {
    const [role] = await client.role();
    return role === 'master' && String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
  });
}

describeFailover('a primary of a Cluster', startStore);
