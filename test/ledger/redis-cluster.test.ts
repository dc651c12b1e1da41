import { afterAll, beforeAll } from '@jest/globals';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { describeLedgerContract } from './contract.ts';

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

// Every test of the suite uses a service of its own, so the keys spread over all three nodes.
describeLedgerContract('a Redis Cluster of three', async () => {
  const ledger = await openTestRedisLedger({ kind: 'cluster', nodes: cluster.nodes });
  return { ledger, close: () => ledger.close() };
});
