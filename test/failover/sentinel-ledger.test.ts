// Only Redis has another server that takes over.
import { afterEach, beforeEach } from '@jest/globals';
import { type RedisSentinels, startRedisSentinels } from '../support/redis-sentinel.ts';
import { DEADLINE_MS, describeFailover } from './describe-failover.ts';
import type { StoreWithHeirs } from './strike-primary.ts';

let redis: RedisSentinels;
let store: StoreWithHeirs;

beforeEach(async () => {
  redis = await startRedisSentinels();
  const { sentinels, master } = redis;
  store = {
    connection: { kind: 'sentinel', sentinels, master },
    primaryOf: () => redis.currentMaster(),
    hasPassedFrom: async (primary) => (await redis.currentMaster()) !== primary,
  };
}, DEADLINE_MS);
afterEach(() => redis.stop());

describeFailover('a master under Sentinel', async () => store);
