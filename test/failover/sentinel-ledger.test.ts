// Only Redis has another server that takes over.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { GatewayCase } from '../ledger/redis/gateway-case.ts';
import { askRedis, untilYes } from '../support/ask-redis.ts';
import { MASTER_DOWN_SOON_MS, type RedisSentinels, startRedisSentinels } from '../support/redis-sentinel.ts';
import { DEADLINE_MS, describeFailover } from './describe-failover.ts';
import type { StoreWithHeirs } from './strike-primary.ts';

let redis: RedisSentinels;
let store: StoreWithHeirs;

beforeEach(async () => {
  redis = await startRedisSentinels({ downAfterMs: MASTER_DOWN_SOON_MS });
  const { sentinels, master } = redis;
  store = {
    connection: { kind: 'sentinel', sentinels, master },
    primaryOf: () => redis.currentMaster(),
    hasPassedFrom: async (primary) => (await redis.currentMaster()) !== primary,
  };
}, DEADLINE_MS);
afterEach(() => redis.stop());

describeFailover('a master under Sentinel', async () => store);

// Its connection still stands, and the old master takes mints again, for some ten seconds.
test(
  'a gateway that asked nothing meanwhile leaves a master that was only paused',
  async () => {
    const watchTimes = { lookMs: 60_000, settleMs: 1_500, otherServerMs: 200 };
    const login = { username: 'gateway', password: 'password-of-the-sentinels' };
    for (const { port } of redis.sentinels) await askRedis(port, letIn(login));
    const connection = { ...store.connection, login };
    const gateway = await GatewayCase.open(connection, undefined, { watchTimes });
    try {
      await gateway.ask('before', '2026-11-20T09:00:00Z');
      const paused = await redis.currentMaster();
      paused.pause();
      await untilYes('every Sentinel names another master', async () => {
        const named = await Promise.all(redis.sentinels.map(({ port }) => askRedis(port, nameMaster)));
        return named.every((port) => port !== paused.port);
      });
      paused.resume();
      await untilYes('the old master answers', () => askRedis(paused.port, async () => true));
      await gateway.ask('after', '2026-11-20T10:00:00Z');

      const reader = await GatewayCase.open(store.connection, gateway);
      try {
        const people = (await reader.people('2026-11')).map(({ identity }) => String(identity));
        expect(people.sort()).toEqual(['after', 'before']);
      } finally {
        await reader.ledger.close();
      }
    } finally {
      await gateway.ledger.close();
    }
  },
  DEADLINE_MS,
);

/** What docs/deploy.md says that a gateway needs of a Sentinel. */
function letIn({ username, password }: { username: string; password: string }) {
  const rights = '+sentinel|get-master-addr-by-name +sentinel|sentinels +subscribe &+switch-master';
  return (sentinel: Redis) =>
    sentinel.call('ACL', 'SETUSER', username, 'on', `>${password}`, ...rights.split(' '));
}

async function nameMaster(sentinel: Redis): Promise<number> {
  const address = await sentinel.call('SENTINEL', 'get-master-addr-by-name', redis.master);
  return Number((address as string[])[1]);
}
