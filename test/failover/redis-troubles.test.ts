// Only Redis answers with troubles of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { monthSummary } from '../e2e/answers.ts';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE } from '../e2e/configured.ts';
import { askRedis, untilYes } from '../support/ask-redis.ts';
import { freePort } from '../support/free-port.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { expectUnavailable, statusFor, untilServed } from './ask-gateway.ts';

const PAUSE_MS = 1_500;
/** Other people's keys, which take time to read. */
const FILLERS = 400;

interface Trouble {
  what: string;
  begin(client: Redis): Promise<unknown>;
  end(client: Redis): Promise<unknown>;
}

/** A master that nobody listens at: what the server has stays as it is. */
let nobody: string[];

const set = (name: string, value: string) => (client: Redis) => client.config('SET', name, value);
const follow = (client: Redis) => client.call('REPLICAOF', ...nobody);
const lead = (client: Redis) => client.call('REPLICAOF', 'NO', 'ONE');
const waitOut = () => sleep(PAUSE_MS);

const TROUBLES: readonly Trouble[] = [
  { what: 'OOM', begin: set('maxmemory', '1'), end: set('maxmemory', '0') },
  { what: 'NOREPLICAS', begin: set('min-replicas-to-write', '1'), end: set('min-replicas-to-write', '0') },
  { what: 'READONLY', begin: follow, end: lead },
  {
    what: 'MASTERDOWN',
    begin: async (client) => [
      await client.config('SET', 'replica-serve-stale-data', 'no'),
      await follow(client),
    ],
    end: async (client) => [
      await lead(client),
      await client.config('SET', 'replica-serve-stale-data', 'yes'),
    ],
  },
  {
    what: 'CLIENT PAUSE, all',
    begin: (client) => client.call('CLIENT', 'PAUSE', PAUSE_MS, 'ALL'),
    end: waitOut,
  },
  {
    what: 'CLIENT PAUSE, writes',
    begin: (client) => client.call('CLIENT', 'PAUSE', PAUSE_MS, 'WRITE'),
    end: waitOut,
  },
];

describe('a Redis that answers, but does not count', () => {
  let redis: RedisServer;
  let gateway: GatewayProcess;
  let people = 0;

  beforeAll(async () => {
    nobody = ['127.0.0.1', String(await freePort())];
    redis = await startRedisServer();
    gateway = await startGateway({
      env: configuredEnv({ [SHARED.variable]: SHARED.secret, REDIS_URL: redis.url }),
      configFile: SHARED_ISSUER_FILE.replace('deadlineMs: 10000', 'deadlineMs: 250'),
    });
    await untilServed(gateway.url, 'known');
    people++;
  }, 120_000);
  afterAll(async () => {
    await gateway.stop();
    await redis.stop();
  });

  test.each(TROUBLES)(
    '$what: everybody is asked to come again, and served when it is over',
    async (trouble) => {
      await askRedis(redis.port, trouble.begin, { enableReadyCheck: false });
      const slowestMs = await expectUnavailable(gateway.url, ['known', trouble.what, 'known', trouble.what]);
      await askRedis(redis.port, trouble.end, { enableReadyCheck: false });
      const overAt = performance.now();
      await untilServed(gateway.url, trouble.what);
      people++;
      const backMs = Math.round(performance.now() - overAt);
      process.stdout.write(
        `    ${trouble.what}: answered within ${slowestMs} ms; served again after ${backMs} ms\n`,
      );
      expect((await untilServed(gateway.url, 'known')).outcome).toBe('reused');
      expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(people);
    },
    40_000,
  );

  test('SCRIPT FLUSH: nobody notices', async () => {
    await askRedis(redis.port, (client) => client.script('FLUSH'));
    expect(await statusFor(gateway.url, 'after SCRIPT FLUSH')).toBe(200);
    people++;
    expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(people);
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
      expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(people);
    } finally {
      await back.stop();
    }
  }, 40_000);
});

function fillAndSave(client: Redis): Promise<unknown> {
  const fillers = Array.from({ length: FILLERS }, (_, number) => [`filler:${number}`, 'x'.repeat(100)]);
  return client.mset(...fillers.flat()).then(() => client.call('SAVE'));
}

async function isLoading(client: Redis): Promise<boolean> {
  return (await client.info('persistence')).includes('loading:1');
}
