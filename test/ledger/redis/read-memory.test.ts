import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectLimits, type LimitConnection } from '../../../src/ledger/redis/connection/connect-limits.ts';
import { readRedisMemory } from '../../../src/ledger/redis/connection/read-memory.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';

// Redis alone has servers to ask; an embedded ledger is a file of this process.

let server: RedisServer;
let cluster: RedisCluster;
beforeAll(async () => {
  [server, cluster] = await Promise.all([startRedisServer(), startRedisCluster()]);
}, 60_000);
afterAll(async () => {
  await Promise.all([server.stop(), cluster.stop()]);
});

type Connection = Parameters<typeof connectLimits>[0]['connection'];

async function open(connection: Connection): Promise<LimitConnection> {
  const limits = connectLimits({ connection, username: null, password: null, tls: false, deadlineMs: 250 });
  if (limits.client.status !== 'ready') await once(limits.client, 'ready');
  return limits;
}

test('one server says what it uses, and its limit where it has one', async () => {
  const { client, close } = await open({ kind: 'single', url: server.url });
  const memory = await readRedisMemory(client);
  expect(memory).toMatchObject({ bytesMax: null, servers: 1 });
  expect(memory.usedBytes).toBeGreaterThan(100_000);
  await client.call('CONFIG', 'SET', 'maxmemory', '64mb');
  expect((await readRedisMemory(client)).bytesMax).toBe(64 * 1024 * 1024);
  close();
});

test('the servers of a cluster are added up', async () => {
  const { client, close } = await open({ kind: 'cluster', nodes: cluster.nodes });
  const memory = await readRedisMemory(client);
  expect(memory.servers).toBe(cluster.nodes.length);
  expect(memory.usedBytes).toBeGreaterThan(300_000);
  close();
});

test('rejects while the server is away', async () => {
  const { client, close } = await open({ kind: 'single', url: server.url });
  close();
  await expect(readRedisMemory(client)).rejects.toThrow();
});
