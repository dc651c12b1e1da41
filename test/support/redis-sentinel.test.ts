import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { untilYes } from './ask-redis.ts';
import { MASTER_DOWN_SOON_MS, type RedisSentinels, startRedisSentinels } from './redis-sentinel.ts';

describe('startRedisSentinels', () => {
  let redis: RedisSentinels;
  beforeAll(async () => {
    redis = await startRedisSentinels({ downAfterMs: MASTER_DOWN_SOON_MS });
  }, 60_000);
  afterAll(() => redis.stop());

  it('gives a master whose place another server takes when it is killed', async () => {
    const [first, ...replicas] = redis.servers;
    expect(await redis.currentMaster()).toBe(first);
    first?.kill();
    await untilYes('another is the master', async () => (await redis.currentMaster()) !== first);
    expect(replicas).toContain(await redis.currentMaster());
  });
});
