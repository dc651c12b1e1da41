import { afterEach, describe, expect, test } from '@jest/globals';
import { askRedis } from '../support/ask-redis.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { startRedisSentinels } from '../support/redis-sentinel.ts';
import { type RedisServer, type RedisServerOptions, startRedisServer } from '../support/redis-server.ts';
import { examine, gatewayEnv } from './doctor-kit.ts';

const servers: RedisServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function redis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedisServer(options);
  servers.push(server);
  return server;
}

const look = (url: string, env: Record<string, string> = {}, yaml?: string) =>
  examine(gatewayEnv({ REDIS_URL: url, ...env }), yaml === undefined ? {} : { yaml });

test('a Redis as it is recommended has nothing to say, and nothing is written to it', async () => {
  const { url } = await redis({ appendfsyncAlways: true });
  const { of } = await look(url);
  for (const id of ['redis', 'redis-mode', 'redis-persistence', 'redis-scripts', 'redis-clock', 'ledger']) {
    expect(of(id)).toMatchObject({ id, status: 'ok' });
  }
  expect(of('people-buckets').status).toBe('ok');
  expect(of('redis-eviction').detail).toBe('noeviction');
  expect(of('redis-latency').detail).toMatch(/^p50 \d+\.\d ms, p99 /);
  const ledger = await openTestRedisLedger({ kind: 'single', url });
  const { Redis } = await import('ioredis');
  const client = new Redis(url);
  expect(await client.dbsize()).toBe(0);
  client.disconnect();
  await ledger.close();
});

describe('eviction', () => {
  test('of anything is an error where memory is bounded', async () => {
    const { url } = await redis({ args: ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'] });
    const { of, ok } = await look(url);
    expect(of('redis-eviction')).toMatchObject({
      status: 'error',
      detail: 'maxmemory-policy is allkeys-lru',
      why: expect.stringContaining('silently'),
      fix: expect.stringContaining('CONFIG SET maxmemory-policy noeviction'),
    });
    expect(ok).toBe(false);
  });

  test('is one as well while memory has no bound', async () => {
    const { url } = await redis({ args: ['--maxmemory-policy', 'volatile-ttl'] });
    expect((await look(url)).of('redis-eviction')).toMatchObject({
      status: 'error',
      why: expect.stringContaining('no maxmemory yet'),
    });
  });
});

describe('persistence', () => {
  test.each([
    ['none', [], 'error', 'nothing is written'],
    ['snapshots only', ['--save', '60 1'], 'warn', 'last snapshot'],
    ['once a second', ['--appendonly', 'yes', '--appendfsync', 'everysec'], 'warn', 'everysec'],
  ])('%s', async (_name, args, status, detail) => {
    const { url } = await redis({ args });
    expect((await look(url)).of('redis-persistence')).toMatchObject({
      status,
      detail: expect.stringContaining(detail),
    });
  });

  test('is judged without CONFIG, which managed servers refuse', async () => {
    const { url } = await redis({ appendfsyncAlways: true, args: ['--rename-command', 'CONFIG', ''] });
    expect((await look(url)).of('redis-persistence')).toMatchObject({
      status: 'ok',
      detail: expect.stringContaining('cannot be read'),
    });
  });
});

test('a wrong password is told without it', async () => {
  const { port } = await redis({ args: ['--requirepass', 'the-right-password'] });
  const { of, text } = await look(`redis://:the-wrong-password@127.0.0.1:${port}`);
  expect(of('redis')).toMatchObject({ status: 'error', fix: expect.stringContaining('password') });
  expect(of('redis').detail).toMatch(/WRONGPASS/);
  expect(of('redis-eviction')).toMatchObject({ status: 'skip', detail: 'Redis does not answer' });
  expect(of('ledger')).toMatchObject({ status: 'skip', detail: 'Redis does not answer' });
  expect(text).not.toContain('wrong-password');
});

test('a Redis that is away, or hangs, is one error', async () => {
  const server = await redis();
  server.pause();
  const hung = await look(server.url);
  server.resume();
  expect(hung.of('redis').status).toBe('error');
  // It is given up after 4.5 s; test machines are busy.
  expect(hung.of('redis').durationMs).toBeLessThan(6_500);
  await server.stop();
  const { of } = await look(server.url);
  expect(of('redis')).toMatchObject({ status: 'error', detail: expect.stringContaining('ECONNREFUSED') });
});

test('a node of a cluster behind REDIS_URL, and a single server behind REDIS_CLUSTER_NODES', async () => {
  const node = await redis({ args: ['--cluster-enabled', 'yes'], portsAlsoAt: [10_000] });
  expect((await look(node.url)).of('redis-mode')).toMatchObject({
    status: 'error',
    fix: 'Use REDIS_CLUSTER_NODES instead of REDIS_URL.',
  });
  const single = await redis();
  const { of } = await examine(gatewayEnv({ REDIS_CLUSTER_NODES: `127.0.0.1:${single.port}` }));
  expect(of('redis')).toMatchObject({ status: 'error' });
});

test('a replica takes no writes', async () => {
  const master = await redis();
  const replica = await redis({ args: ['--replicaof', '127.0.0.1', String(master.port)] });
  expect((await look(replica.url)).of('redis-mode')).toMatchObject({
    status: 'error',
    detail: 'the server is a replica',
  });
});

test('replicas to wait for that are not there', async () => {
  const { url } = await redis();
  const { of } = await look(url, { REDIS_WAIT_REPLICAS: '1' });
  expect(of('redis-mode')).toMatchObject({
    status: 'error',
    detail: 'REDIS_WAIT_REPLICAS is 1, and the server has 0',
  });
});

test('scripts that the user may not load', async () => {
  const { port } = await redis({ args: '--user app on >app-password ~* +@all -@scripting'.split(' ') });
  const { of, text } = await look(`redis://app:app-password@127.0.0.1:${port}`);
  expect(of('redis-scripts')).toMatchObject({ status: 'error', fix: expect.stringContaining('+@scripting') });
  expect(text).not.toContain('app-password');
});

test('hashes that leave their compact form too early', async () => {
  const { url } = await redis({ args: ['--hash-max-listpack-value', '32'] });
  expect((await look(url)).of('people-buckets')).toMatchObject({
    status: 'warn',
    fix: expect.stringContaining('hash-max-listpack-value 64'),
  });
});

test('one node of a cluster that evicts, and forgets, is found', async () => {
  const cluster = await startRedisCluster({ appendfsyncAlways: true });
  try {
    const second = cluster.servers[1] as RedisServer;
    await askRedis(second.port, async (client) => {
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await client.config('SET', 'appendonly', 'no');
    });
    const { of } = await examine(gatewayEnv(cluster.env));
    const where = `127.0.0.1:${second.port}`;
    expect(of('redis-eviction')).toMatchObject({ status: 'error', detail: expect.stringContaining(where) });
    expect(of('redis-persistence')).toMatchObject({
      status: 'error',
      detail: expect.stringContaining('disk'),
    });
  } finally {
    await cluster.stop();
  }
});

test('behind Sentinels it is the master that is looked at', async () => {
  const redis = await startRedisSentinels();
  try {
    const { port } = redis.servers[0] as RedisServer;
    await askRedis(port, (client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    const { of } = await examine(gatewayEnv({ ...redis.env, REDIS_WAIT_REPLICAS: '2' }));
    expect(of('redis-eviction')).toMatchObject({ status: 'error' });
    expect(of('redis-persistence')).toMatchObject({ status: 'error' });
    expect(of('redis-mode')).toMatchObject({ status: 'ok', detail: 'single master, 2 replica(s)' });
  } finally {
    await redis.stop();
  }
}, 60_000);

test('every master of a cluster is looked at', async () => {
  const cluster = await startRedisCluster();
  try {
    const { of } = await examine(gatewayEnv(cluster.env));
    expect(of('redis')).toMatchObject({ status: 'ok', detail: expect.stringContaining('3 masters') });
    expect(of('redis-mode')).toMatchObject({ status: 'ok', detail: 'cluster, 3 masters' });
    expect(of('redis-scripts').status).toBe('ok');
    expect(of('ledger').status).toBe('ok');
  } finally {
    await cluster.stop();
  }
});
