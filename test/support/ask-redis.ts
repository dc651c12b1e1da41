import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';

/** What a connection needs where not everybody is let in, or where there is nothing to wait for. */
export type RedisLogin = Pick<RedisOptions, 'username' | 'password' | 'enableReadyCheck'>;

const HOST = '127.0.0.1';

/** Runs commands on a connection of its own to a server on this machine; a server that hangs is an error. */
export async function askRedis<Answer>(
  port: number,
  ask: (client: Redis) => Promise<Answer>,
  login: RedisLogin = {},
): Promise<Answer> {
  const client = new Redis({
    ...{ host: HOST, port, protocol: 2, lazyConnect: true, retryStrategy: null },
    ...{ connectTimeout: 1_000, commandTimeout: 5_000, ...login },
  });
  client.on('error', () => {
    // The command that comes next says so.
  });
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

/** For another server to take over, which a busy machine may have to try several times. */
export const FAILOVER_MS_MAX = 60_000;

/** Asks again and again until the answer is yes; servers that do not answer yet say no. */
export async function untilYes(
  what: string,
  ask: () => Promise<boolean>,
  deadlineMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  let last = 'no';
  while (performance.now() < deadline) {
    try {
      if (await ask()) return;
      last = 'no';
    } catch (error) {
      last = String(error);
    }
    await sleep(20);
  }
  throw new Error(`${what}: still not so after ${deadlineMs} ms; the last answer was ${last}`);
}

/** Until a replica has all that its master had. */
export function untilLinked(port: number, login?: RedisLogin): Promise<void> {
  return untilYes(`replica ${port} is linked`, () =>
    askRedis(port, async (client) => (await client.info('replication')).includes('link_status:up'), login),
  );
}
