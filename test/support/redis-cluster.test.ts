import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster } from 'ioredis';
import { askRedis, untilYes } from './ask-redis.ts';
import { NODE_DOWN_SOON_MS, type RedisCluster, startRedisCluster } from './redis-cluster.ts';

describe('startRedisCluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());

  it('gives three nodes that share the keys', async () => {
    const client = new Cluster(cluster.nodes);
    const keys = Array.from({ length: 30 }, (_, index) => `{service-${index}}:key`);
    for (const key of keys) await client.set(key, key);
    expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys);
    const sizes = await Promise.all(client.nodes('master').map((node) => node.dbsize()));
    expect(sizes).toHaveLength(3);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    client.disconnect();
  });
});

describe('startRedisCluster with replicas', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster({ replicas: 1, downAfterMs: NODE_DOWN_SOON_MS });
  }, 60_000);
  afterAll(() => cluster.stop());

  it('gives a replica that takes the place of its primary when that is killed', async () => {
    const replica = cluster.replicas[0]?.[0];
    cluster.servers[0]?.kill();
    await untilYes('the replica has taken over', () =>
      askRedis(replica?.port ?? 0, async (client) => (await client.role())[0] === 'master'),
    );
  });
});
