// Only Redis answers with troubles of its own.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { monthSummary } from '../e2e/answers.ts';
import { OPS_KEY } from '../e2e/configured.ts';
import { askRedis, untilYes } from '../support/ask-redis.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { expectUnavailable, expectUnnoticed, startServing, untilServed } from './ask-gateway.ts';
import { testTroubles } from './test-troubles.ts';
import { FOLLOWER_TROUBLES, TROUBLES } from './troubles.ts';

/** Other people's keys, which take time to read. */
const FILLERS = 400;

describe('a Redis that answers, but does not count', () => {
  let redis: RedisServer;
  let gateway: GatewayProcess;
  const people = new Set(['known']);

  beforeAll(async () => {
    redis = await startRedisServer();
    gateway = await startServing({ REDIS_URL: redis.url }, 'known');
  }, 120_000);
  afterAll(async () => {
    await gateway.stop();
    await redis.stop();
  });

  testTroubles([...TROUBLES, ...FOLLOWER_TROUBLES], () => ({
    ...{ url: gateway.url, people },
    findPort: async () => redis.port,
  }));

  test('SCRIPT FLUSH: nobody notices', async () => {
    const flush = () => askRedis(redis.port, (client) => client.script('FLUSH'));
    await expectUnnoticed(gateway.url, 'after SCRIPT FLUSH', flush);
    people.add('after SCRIPT FLUSH');
    expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(people.size);
  });

  test('LOADING: everybody is asked to come again until the data is read', async () => {
    await askRedis(redis.port, fillAndSave);
    redis.kill();
    const { dir, port } = redis;
    // It answers every kilobyte, and reads some 50 in two seconds.
    const slow = ['--key-load-delay', '5000', '--loading-process-events-interval-bytes', '1024'];
    const starting = startRedisServer({ dir, port, args: slow });
    await untilYes('it reads its data', () => askRedis(port, isLoading, { enableReadyCheck: false }));
    await expectUnavailable(gateway.url, ['known', 'stranger']);
    const back = await starting;
    try {
      const overAt = performance.now();
      expect((await untilServed(gateway.url, 'known')).outcome).toBe('reused');
      process.stdout.write(`    LOADING: served again after ${Math.round(performance.now() - overAt)} ms\n`);
      expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(people.size);
    } finally {
      await back.stop();
    }
  });
});

function fillAndSave(client: Redis): Promise<unknown> {
  const fillers = Array.from({ length: FILLERS }, (_, number) => [`filler:${number}`, 'x'.repeat(100)]);
  return client.mset(...fillers.flat()).then(() => client.call('SAVE'));
}

async function isLoading(client: Redis): Promise<boolean> {
  return (await client.info('persistence')).includes('loading:1');
}
