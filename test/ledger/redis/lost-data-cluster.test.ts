// Only Redis can lose its data while a gateway runs; on a Cluster each service may lose its own.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { GatewayCase } from './gateway-case.ts';

const MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T09:40:00Z';
const SERVICES = 6;

let cluster: RedisCluster;
let gateways: GatewayCase[];

beforeAll(async () => {
  cluster = await startRedisCluster();
  const connection = { kind: 'cluster', nodes: cluster.nodes } as const;
  gateways = await Promise.all(Array.from({ length: SERVICES }, () => GatewayCase.open(connection)));
}, 60_000);
afterAll(async () => {
  await Promise.all(gateways.map(({ ledger }) => ledger.close()));
  await cluster.stop();
});

/** Of the three, the first that holds anything. */
async function emptyOneNode(): Promise<void> {
  for (const { url } of cluster.servers) {
    const node = new Redis(url);
    const keys = await node.dbsize();
    if (keys > 0) await node.flushall();
    node.disconnect();
    if (keys > 0) return;
  }
}

test('a node that lost its data is told again of each of its services, and the others go on', async () => {
  for (const gateway of gateways) {
    await gateway.setBudget(MONTH, { scopes: { all: 2 } });
    expect(await gateway.admit('ann', AT)).toMatchObject({ outcome: 'new' });
    await gateway.looked();
  }
  await emptyOneNode();

  const losses = await Promise.all(
    gateways.map(async (gateway) => {
      expect(await gateway.ask('bob', LATER)).toMatchObject({ outcome: 'new' });
      expect(await gateway.ask('cid', LATER)).toMatchObject({ code: 'mau-budget-exhausted' });
      expect(await gateway.ask('ann', LATER)).toMatchObject({ outcome: 'known' });
      expect((await gateway.totals(MONTH)).all).toBe(2);
      return gateway.sayings().length > 0 ? gateway.sayings() : null;
    }),
  );
  for (const said of losses) expect([null, ['lost', 'restored']]).toContainEqual(said);
  expect(losses).toContainEqual(['lost', 'restored']);
});
