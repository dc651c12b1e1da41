// Only Redis is asked over a network.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RedisConnectionOptions } from '../../../src/ledger/redis/connection/connect.ts';
import { explainSilence } from '../../../src/ledger/redis/connection/explain-silence.ts';
import { type Certificate, makeCertificate, tlsArgs } from '../../support/certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { type RedisSentinels, startRedisSentinels } from '../../support/redis-sentinel.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';

const PASSWORD = 'right';
const SENTINEL_PASSWORD = 'right-too';

let certificate: Certificate;
let server: RedisServer;
let tlsPort: number;
let cluster: RedisCluster;
let redis: RedisSentinels;

beforeAll(async () => {
  certificate = await makeCertificate();
  tlsPort = await freePort();
  [server, cluster, redis] = await Promise.all([
    startRedisServer({ args: [...tlsArgs(tlsPort, certificate), '--requirepass', PASSWORD] }),
    startRedisCluster({ password: PASSWORD }),
    startRedisSentinels({ password: PASSWORD, sentinelPassword: SENTINEL_PASSWORD, replicas: 1 }),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([server.stop(), cluster.stop(), redis.stop(), certificate.remove()]);
});

function why(
  connection: RedisConnectionOptions['connection'],
  login: Partial<RedisConnectionOptions> = {},
): Promise<string | null> {
  return explainSilence({
    ...{ connection, username: null, password: PASSWORD, tls: false, deadlineMs: 250, ...login },
  });
}

describe('of a single server', () => {
  const at = (url: string) => why({ kind: 'single', url }, { password: null });

  test('that answers there is nothing to say', async () => {
    expect(await at(`redis://:${PASSWORD}@127.0.0.1:${server.port}`)).toBeNull();
  });

  test('its own words are told, or those of the network', async () => {
    expect(await at(`redis://:wrong@127.0.0.1:${server.port}`)).toMatch(/^WRONGPASS /);
    expect(await at(`redis://nobody:${PASSWORD}@127.0.0.1:${server.port}`)).toMatch(/^WRONGPASS /);
    expect(await at(server.url)).toMatch(/^NOAUTH /);
    expect(await at(`rediss://:${PASSWORD}@127.0.0.1:${tlsPort}`)).toMatch(/self-signed certificate/);
    expect(await at(`redis://127.0.0.1:${await freePort()}`)).toMatch(/ECONNREFUSED/);
  });

  test('that keeps silent, that is told in time', async () => {
    const silent = await startRedisServer();
    silent.pause();
    expect(await at(silent.url)).toMatch(/timed? ?out/i);
    await silent.stop();
  });
});

test('of a Cluster the node is named that does not take the login', async () => {
  const nodes = cluster.nodes;
  expect(await why({ kind: 'cluster', nodes })).toBeNull();
  const [{ host, port }] = nodes as [{ host: string; port: number }];
  expect(await why({ kind: 'cluster', nodes }, { password: 'wrong' })).toMatch(
    new RegExp(`^${host}:${port}: WRONGPASS `),
  );
  expect(await why({ kind: 'cluster', nodes }, { password: null })).toMatch(/: NOAUTH /);
  expect(await why({ kind: 'cluster', nodes: [{ host, port: await freePort() }] })).toMatch(/ECONNREFUSED/);
});

test('of Sentinels it is told whether they, or the master, do not take the login', async () => {
  const { sentinels, master, servers } = redis;
  const kind = 'sentinel' as const;
  const login = { username: null, password: SENTINEL_PASSWORD };
  expect(await why({ kind, sentinels, master, login })).toBeNull();
  const [first] = sentinels;
  const noSentinel = await why({ kind, sentinels, master, login: { username: null, password: 'wrong' } });
  expect(noSentinel).toMatch(new RegExp(`:${first?.port}: WRONGPASS `));
  expect(await why({ kind, sentinels, master })).toMatch(new RegExp(`:${first?.port}: NOAUTH `));
  expect(await why({ kind, sentinels, master: 'other', login })).toMatch(/knows no master "other"/);
  const noMaster = await why({ kind, sentinels, master, login }, { password: 'wrong' });
  expect(noMaster).toMatch(new RegExp(`:${servers[0]?.port}: WRONGPASS `));
});
