// Only under Sentinel another server may take over because of them.
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { MASTER_DOWN_SOON_MS, type RedisSentinels, startRedisSentinels } from '../support/redis-sentinel.ts';
import { startServing } from './ask-gateway.ts';
import { testTroubles } from './test-troubles.ts';
import { FOLLOWER_TROUBLES, TROUBLES } from './troubles.ts';

describe('a master under Sentinels that answers, but does not count', () => {
  let redis: RedisSentinels;
  let gateway: GatewayProcess;
  const people = new Set(['known']);

  beforeAll(async () => {
    redis = await startRedisSentinels({ downAfterMs: MASTER_DOWN_SOON_MS });
    gateway = await startServing(redis.env, 'known');
  }, 120_000);
  afterAll(async () => {
    await gateway.stop();
    await redis.stop();
  });

  // Those first that no Sentinel takes for the end of the master: CLIENT PAUSE of everybody keeps a Sentinel waiting, too.
  testTroubles([...FOLLOWER_TROUBLES, ...TROUBLES], () => ({
    ...{ url: gateway.url, people },
    findPort: async () => (await redis.currentMaster()).port,
  }));
});
