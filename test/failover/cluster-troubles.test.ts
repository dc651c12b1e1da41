// Only a Redis Cluster is down while each of its servers answers, or has troubles at the one that counts.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { monthSummary } from '../e2e/answers.ts';
import { OPS_KEY } from '../e2e/configured.ts';
import { askRedis, untilYes } from '../support/ask-redis.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { NODE_DOWN_SOON_MS, type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { expectUnavailable, expectUnnoticed, startServing, untilServed } from './ask-gateway.ts';
import { findPlace } from './slots.ts';
import { testTroubles } from './test-troubles.ts';
import { TROUBLES } from './troubles.ts';

describe('a gateway in front of a Cluster', () => {
  let cluster: RedisCluster;
  let gateway: GatewayProcess;
  let owner: RedisServer;
  const people = new Set(['known']);

  beforeAll(async () => {
    cluster = await startRedisCluster({ downAfterMs: NODE_DOWN_SOON_MS });
    owner = (await findPlace(cluster, DEFAULT_SERVICE)).owner;
    gateway = await startServing(cluster.env, 'known');
  }, 120_000);
  afterAll(async () => {
    await gateway.stop();
    await cluster.stop();
  });

  describe('at the owner of the slot', () => {
    testTroubles(TROUBLES, () => ({ ...{ url: gateway.url, people }, findPort: async () => owner.port }));
  });

  test('CLUSTERDOWN, because another node is away: everybody is asked to come again, and served when it is back', async () => {
    const other = cluster.servers.find((server) => server !== owner) as RedisServer;
    other.pause();
    await untilYes('the cluster is down', () => askRedis(owner.port, isDown));
    const slowestMs = await expectUnavailable(gateway.url, ['known', 'stranger', 'known', 'stranger']);
    other.resume();
    await untilYes('the cluster is up', () =>
      askRedis(owner.port, async (client) => !(await isDown(client))),
    );
    const overAt = performance.now();
    await untilServed(gateway.url, 'stranger');
    const backMs = Math.round(performance.now() - overAt);
    process.stdout.write(
      `    CLUSTERDOWN: answered within ${slowestMs} ms; served again after ${backMs} ms\n`,
    );
    expect((await untilServed(gateway.url, 'known')).outcome).toBe('reused');
    people.add('stranger');
    expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(people.size);
  });

  test('SCRIPT FLUSH on every node: nobody notices', async () => {
    await expectUnnoticed(gateway.url, 'after SCRIPT FLUSH', async () => {
      for (const { port } of cluster.servers) await askRedis(port, (client) => client.script('FLUSH'));
    });
  });

  test('every connection cut at once: served again', async () => {
    for (const { port } of cluster.servers) {
      await askRedis(port, (client) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    }
    expect((await untilServed(gateway.url, 'known')).outcome).toBe('reused');
  });
});

async function isDown(client: Redis): Promise<boolean> {
  return String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:fail');
}
