// Only Redis has another server that takes over.
import { afterEach, describe, expect, test } from '@jest/globals';
import { askRedis } from '../support/ask-redis.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { findPlace } from './slots.ts';
import { type StoreWithHeirs, strikePrimary } from './strike-primary.ts';

const DEADLINE_MS = 90_000;

let cluster: RedisCluster;
afterEach(() => cluster.stop());

/** With a replica to wait for, another one must be left when one has taken over. */
async function startStore(waitReplicas: number): Promise<StoreWithHeirs> {
  cluster = await startRedisCluster({ replicas: 1 + waitReplicas });
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

const kill = (primary: RedisServer) => primary.kill();
const pause = (primary: RedisServer) => primary.pause();

describe('a primary of a Cluster', () => {
  test.each([
    { what: 'killed', waitReplicas: 0, strike: kill },
    { what: 'paused', waitReplicas: 0, strike: pause },
  ])(
    '$what: a replica is found, and no more are lost than were on their way to it',
    async (strike) => {
      await strikePrimary(await startStore(0), strike);
    },
    DEADLINE_MS,
  );

  test.each([
    { what: 'killed, a replica waited for', waitReplicas: 1, strike: kill },
    {
      what: 'killed, its replicas cut off before, one waited for',
      waitReplicas: 1,
      strike: kill,
      heirsCutOff: true,
    },
  ])(
    '$what: nobody who got a token is forgotten',
    async (strike) => {
      expect(await strikePrimary(await startStore(1), strike)).toBe(0);
    },
    DEADLINE_MS,
  );

  test(
    'killed, its replica cut off before: what is forgotten is what could not reach it',
    async () => {
      const strike = {
        what: 'killed, its replica cut off before',
        waitReplicas: 0,
        strike: kill,
        heirsCutOff: true,
      };
      expect(await strikePrimary(await startStore(0), strike)).toBeGreaterThan(0);
    },
    DEADLINE_MS,
  );
});
