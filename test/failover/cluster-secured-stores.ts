import { createServiceKeys } from '../../src/ledger/redis/keys.ts';
import { askRedis, FAILOVER_MS_MAX, untilYes } from '../support/ask-redis.ts';
import type { Certificate } from '../support/certificate.ts';
import { type RedisClusterOptions, startRedisCluster } from '../support/redis-cluster.ts';
import { type RedisSentinelsOptions, startRedisSentinels } from '../support/redis-sentinel.ts';
import type { RedisServer } from '../support/redis-server.ts';

/** Redis that speaks TLS, asks everybody for a password, and knows the gateway as a user who may do little. */
export interface SecuredStore {
  /** Where it is, as the gateway's environment says it; not who asks. */
  env: Record<string, string>;
  /** Of the Sentinels, which have users of their own; null where there are none. */
  sentinelPassword: string | null;
  /** Who takes the default service's writes now. */
  primary(): Promise<RedisServer>;
  /** Resolves when another one than this takes them. */
  passedFrom(primary: RedisServer): Promise<void>;
  stop(): Promise<void>;
}

/** Of the default user, which servers have for each other. */
const PASSWORD = 'redis-password-of-servers-that-nobody-may-see';
export const SENTINEL_PASSWORD = 'sentinel-password-that-nobody-may-see';
/** The gateway's own. */
export const USER = { name: 'gateway', password: 'redis-password-of-the-gateway-that-nobody-may-see' };

/** What a gateway needs: nothing dangerous but to ask how the server is, and no key but its own. */
const RIGHTS = ['reset', 'on', `>${USER.password}`, '~mg:*', '+@all', '-@dangerous', '+info', '+role'];
const LOGIN = { password: PASSWORD };
const NAMES = createServiceKeys('mg', 'default' as never).names;

export async function startSecuredCluster(
  certificate: Certificate,
  more: Pick<RedisClusterOptions, 'downAfterMs'> = {},
): Promise<SecuredStore> {
  const cluster = await startRedisCluster({ certificate, password: PASSWORD, replicas: 1, ...more });
  const all = [...cluster.servers, ...cluster.replicas.flat()];
  for (const { port } of all) await addUser(port);
  const primary = () =>
    Promise.any(
      all.map(async (server) => {
        const [role] = await askRedis(server.port, (client) => client.role(), LOGIN);
        // The others answer that it is elsewhere.
        await askRedis(server.port, (client) => client.exists(NAMES), LOGIN);
        if (role !== 'master') throw new Error('a replica');
        return server;
      }),
    );
  return {
    env: cluster.env,
    sentinelPassword: null,
    primary,
    passedFrom: (before) =>
      untilYes('another primary', async () => (await primary()) !== before, FAILOVER_MS_MAX),
    stop: cluster.stop,
  };
}

export async function startSecuredSentinels(
  certificate: Certificate,
  more: Pick<RedisSentinelsOptions, 'downAfterMs'> = {},
): Promise<SecuredStore> {
  const redis = await startRedisSentinels({
    ...{ certificate, password: PASSWORD, sentinelPassword: SENTINEL_PASSWORD },
    ...{ replicas: 1, ...more },
  });
  for (const { port } of redis.servers) await addUser(port);
  return {
    env: redis.env,
    sentinelPassword: SENTINEL_PASSWORD,
    primary: redis.currentMaster,
    passedFrom: (before) =>
      untilYes('another master', async () => (await redis.currentMaster()) !== before, FAILOVER_MS_MAX),
    stop: redis.stop,
  };
}

/** Users are not replicated. */
function addUser(port: number): Promise<unknown> {
  return askRedis(port, (client) => client.call('ACL', 'SETUSER', USER.name, ...RIGHTS), LOGIN);
}

/** Until a server's replica has everything that it has. */
export function untilReplicated({ port }: RedisServer): Promise<void> {
  return untilYes(`the replica of ${port} has everything`, async () => {
    const info = await askRedis(port, (client) => client.info('replication'), LOGIN);
    const offset = /master_repl_offset:(\d+)/.exec(info)?.[1];
    return /state=online,offset=(\d+)/.exec(info)?.[1] === offset;
  });
}
