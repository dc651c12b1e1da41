import { Redis, type RedisOptions } from 'ioredis';
import type { RedisConnectionOptions } from './connect.ts';

interface Address {
  host: string;
  port: number;
}

/** Of each question and of each connection. */
const ANSWER_MS_MAX = 1_000;

/**
 * Why a Redis does not answer, in its own or the network's words and with the address that says so. The client that the
 * ledger uses hides them: of a Cluster with another password all it says is that it found no map of the slots. Null
 * when all that can be asked does answer.
 */
export async function explainSilence({
  connection,
  ...login
}: RedisConnectionOptions): Promise<string | null> {
  switch (connection.kind) {
    case 'single':
      return faultOf(new Redis(connection.url, quietly({})));
    case 'cluster':
      return firstFault(connection.nodes, (node) => faultAt(node, quietly(login)));
    case 'sentinel': {
      const { sentinels, master, login: sentinelLogin } = connection;
      const toSentinel = quietly({ username: null, password: null, ...sentinelLogin, tls: login.tls });
      return firstFault(sentinels, async (sentinel) => {
        const address: Partial<Address> = {};
        const fault = await faultAt(sentinel, toSentinel, async (client) => {
          const told = (await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master)) as string[] | null;
          if (told === null) throw new Error(`knows no master "${master}"`);
          Object.assign(address, { host: told[0], port: Number(told[1]) });
        });
        return fault ?? faultAt(address as Address, quietly(login));
      });
    }
    default:
      return connection satisfies never;
  }
}

/** The first that says anything; where others answer, it is not the reason but worth knowing. */
async function firstFault(
  addresses: readonly Address[],
  ask: (address: Address) => Promise<string | null>,
): Promise<string | null> {
  for (const address of addresses) {
    const fault = await ask(address);
    if (fault !== null) return fault;
  }
  return null;
}

async function faultAt(
  { host, port }: Address,
  options: ReturnType<typeof quietly>,
  ask?: Ask,
): Promise<string | null> {
  const fault = await faultOf(new Redis({ ...options, host, port }), ask);
  return fault === null ? null : `${host}:${port}: ${fault}`;
}

type Ask = (client: Redis) => Promise<unknown>;

async function faultOf(client: Redis, ask: Ask = (one) => one.ping()): Promise<string | null> {
  let fault: string | null = null;
  // What a connection fails of comes as an event; the call that waits for it is only told that it failed.
  client.on('error', ({ message }: Error) => {
    fault ??= message;
  });
  try {
    await client.connect();
    await ask(client);
    return fault;
  } catch (error) {
    return fault ?? (error instanceof Error ? error.message : String(error));
  } finally {
    client.disconnect();
  }
}

function quietly({ username, password, tls }: Partial<Omit<RedisConnectionOptions, 'connection'>>) {
  return {
    ...{ protocol: 2, lazyConnect: true, enableReadyCheck: false, retryStrategy: null },
    ...{ connectTimeout: ANSWER_MS_MAX, commandTimeout: ANSWER_MS_MAX, disconnectTimeout: 100 },
    maxRetriesPerRequest: 0,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(tls ? { tls: {} } : {}),
  } satisfies RedisOptions;
}
