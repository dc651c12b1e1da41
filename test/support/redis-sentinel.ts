import { addressesOf } from './addresses.ts';
import { askRedis, type RedisLogin, untilLinked, untilYes } from './ask-redis.ts';
import { type Certificate, tlsArgs } from './certificate.ts';
import { freePort } from './free-port.ts';
import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts';

export interface RedisSentinels {
  /** Where the Sentinels listen; with a certificate, for TLS. */
  sentinels: { host: string; port: number }[];
  /** Their name for the master. */
  master: string;
  /** What leads a gateway there; without passwords. */
  env: { REDIS_SENTINELS: string; REDIS_SENTINEL_MASTER: string };
  /** The first master, then its replicas. */
  servers: RedisServer[];
  /** The master by most of the Sentinels that answer; they do not all learn of a failover at once. */
  currentMaster(): Promise<RedisServer>;
  stop(): Promise<void>;
}

export interface RedisSentinelsOptions {
  /** Default 2, so that one is left to replicate to after a failover. */
  replicas?: number;
  /** Asked of everybody by the servers with data; default nothing. */
  password?: string;
  /** Asked of everybody by the Sentinels; default nothing. */
  sentinelPassword?: string;
  /** Servers and Sentinels speak TLS to each other then, and tell clients of those ports. */
  certificate?: Certificate;
  /** A master that is silent for so long is down. Default Redis's own, for which no busy machine keeps it from its turn. */
  downAfterMs?: number;
}

/** A server, and the port that others are told of. */
interface Told {
  server: RedisServer;
  port: number;
}

const MASTER = 'main';
const SENTINELS = 3;
const DOWN_AFTER_MS = 30_000;
/** For tests of a master that is lost, which do not wait for so long. */
export const MASTER_DOWN_SOON_MS = 500;

/** Starts a real master, replicas and three Sentinels, and resolves when all of them know each other. */
export async function startRedisSentinels(options: RedisSentinelsOptions = {}): Promise<RedisSentinels> {
  const started: RedisServer[] = [];
  const start = async ({ args = [], ...others }: RedisServerOptions): Promise<Told> => {
    const { certificate } = options;
    let tlsPort: number | null = null;
    const tls = async () => {
      if (!certificate) return [];
      tlsPort = await freePort();
      return tlsArgs(tlsPort, certificate);
    };
    const server = await startRedisServer({ ...others, args, argsOfTry: tls });
    started.push(server);
    return { server, port: tlsPort ?? server.port };
  };
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    const data = await startServers(start, options);
    const watchers = await startWatchers(start, data, options);
    const sentinels = watchers.map(({ server, port }) => ({ host: server.host, port }));
    return {
      sentinels,
      master: MASTER,
      env: { REDIS_SENTINELS: addressesOf(sentinels), REDIS_SENTINEL_MASTER: MASTER },
      servers: data.map(({ server }) => server),
      currentMaster: () => askForMaster(watchers, data, options),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (options: RedisServerOptions) => Promise<Told>;

async function startServers(
  start: Start,
  { replicas = 2, password }: RedisSentinelsOptions,
): Promise<Told[]> {
  const login = password === undefined ? [] : ['--requirepass', password, '--masterauth', password];
  const args = [...login, '--repl-diskless-sync-delay', '0'];
  const first = await start({ args });
  const following = [...args, '--replicaof', first.server.host, String(first.port)];
  const others = await Promise.all(Array.from({ length: replicas }, () => start({ args: following })));
  for (const { server } of others) await untilLinked(server.port, loginOf(password));
  return [first, ...others];
}

async function startWatchers(start: Start, data: Told[], options: RedisSentinelsOptions): Promise<Told[]> {
  const { password, sentinelPassword, downAfterMs = DOWN_AFTER_MS } = options;
  const [first] = data;
  const configText = `
${sentinelPassword === undefined ? '' : `requirepass ${sentinelPassword}\nsentinel sentinel-pass ${sentinelPassword}`}
sentinel monitor ${MASTER} ${first?.server.host} ${first?.port} 2
sentinel down-after-milliseconds ${MASTER} ${downAfterMs}
sentinel failover-timeout ${MASTER} 4000
${password === undefined ? '' : `sentinel auth-pass ${MASTER} ${password}`}
`;
  const watchers = await Promise.all(
    Array.from({ length: SENTINELS }, () => start({ configText, args: ['--sentinel'] })),
  );
  // Before they know each other they elect nobody.
  for (const { server } of watchers) {
    await untilYes(`Sentinel ${server.port} knows the others`, async () => {
      const facts = await askSentinel(server, sentinelPassword);
      const others = [facts.get('num-other-sentinels'), facts.get('num-slaves')].map(Number);
      return others[0] === SENTINELS - 1 && others[1] === data.length - 1;
    });
  }
  return watchers;
}

async function askForMaster(
  watchers: Told[],
  data: Told[],
  { sentinelPassword }: RedisSentinelsOptions,
): Promise<RedisServer> {
  const answers = await Promise.allSettled(
    watchers.map(async ({ server }) => Number((await askSentinel(server, sentinelPassword)).get('port'))),
  );
  const ports = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 0));
  const agreed = data.find(({ port }) => ports.filter((named) => named === port).length > 1);
  if (agreed === undefined) throw new Error(`the Sentinels name ${ports.join(', ')}`);
  return agreed.server;
}

/** What a Sentinel knows of the master. */
async function askSentinel(
  { port }: RedisServer,
  password: string | undefined,
): Promise<Map<string, string>> {
  const login = { ...loginOf(password), enableReadyCheck: false };
  const texts = (await askRedis(
    port,
    (client) => client.call('SENTINEL', 'MASTER', MASTER),
    login,
  )) as string[];
  return new Map(texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? '']] : [])));
}

function loginOf(password: string | undefined): RedisLogin {
  return password === undefined ? {} : { password };
}
