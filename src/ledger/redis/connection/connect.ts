import { type Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { DeadlineCluster } from './deadline-cluster.ts';
import { outliveLateErrors } from './outlive-late-errors.ts';
import { SentinelRedis } from './sentinel-redis.ts';

export interface RedisConnectionOptions {
  connection:
    | { kind: 'single'; url: string }
    | { kind: 'cluster'; nodes: { host: string; port: number }[] }
    | {
        kind: 'sentinel';
        sentinels: { host: string; port: number }[];
        master: string;
        /** How the Sentinels themselves are asked, which is no login of Redis. Default: as anybody may. */
        login?: { username: string | null; password: string };
      };
  username: string | null;
  password: string | null;
  /** Also to the Sentinels. */
  tls: boolean;
  /** Deadline of one call, ms. */
  deadlineMs: number;
}

/** So long nobody waits who has a deadline of a quarter of a second; a server that is gone is given up for another. */
const CONNECT_MS_MAX = 1_000;
/** A connection that is silent for so long, while an answer is due, leads nowhere: its server is paused or gone. */
const SILENCE_MS_MIN = 1_000;
const RECONNECT_MS_MAX = 250;
/** Of one question to a Sentinel or, for the map of its slots, to a node of a Cluster. */
const WHEREABOUTS_MS_MAX = 1_000;
const RECONNECT_SENTINEL_MS = 1_000;
/** Then the node is left to the Cluster's own map, which may be without it by now. */
const NODE_ATTEMPTS_MAX = 5;

const reconnectDelayMs = (attempt: number) => Math.min(50 * attempt, RECONNECT_MS_MAX);

/**
 * A client that answers at once or fails: nothing is queued while Redis is away and nothing is sent twice,
 * because an admission that is repeated behind the caller's back is one that nobody can explain.
 *
 * It leaves a server that no longer takes writes, whether that server says so, is gone or only keeps silent, and
 * finds the one that takes them by itself.
 */
export function connectRedis(options: RedisConnectionOptions): Redis | Cluster {
  outliveLateErrors();
  const shared = sharedOptions(options);
  switch (options.connection.kind) {
    case 'single':
      return staySelected(new Redis(options.connection.url, { ...shared, lazyConnect: true }));
    case 'sentinel':
      return connectSentinels(options.connection, shared);
    case 'cluster':
      return new DeadlineCluster(options.deadlineMs, options.connection.nodes, clusterOptions(shared));
    default: {
      const unknown: never = options.connection;
      throw new Error(`unknown connection ${JSON.stringify(unknown)}`);
    }
  }
}

/** Where the database of its URL cannot be had, the client goes on with database 0, and would count into others' months. */
function staySelected(client: Redis): Redis {
  return client.on('error', (error: Error & { command?: { name: string } }) => {
    if (error.command?.name === 'select') client.disconnect(true);
  });
}

function sharedOptions({ username, password, tls, deadlineMs }: RedisConnectionOptions) {
  return {
    protocol: 2,
    commandTimeout: deadlineMs,
    connectTimeout: CONNECT_MS_MAX,
    socketTimeout: Math.max(SILENCE_MS_MIN, 2 * deadlineMs),
    disconnectTimeout: 100,
    // Else a server that has read its data is noticed only after up to ten seconds.
    maxLoadingRetryTime: 500,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: reconnectDelayMs,
    // Behind one name or address another server may be the master by now. A script's own words precede the code.
    reconnectOnError: ({ message }) => /\b(READONLY|MASTERDOWN)\b/.test(message),
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  } satisfies RedisOptions;
}

type SentinelConnection = Extract<RedisConnectionOptions['connection'], { kind: 'sentinel' }>;

function connectSentinels(
  { sentinels, master, login }: SentinelConnection,
  shared: ReturnType<typeof sharedOptions>,
): Redis {
  const listeners = sentinels.map(
    (sentinel) =>
      new Redis({
        ...sentinel,
        protocol: shared.protocol,
        connectTimeout: CONNECT_MS_MAX,
        retryStrategy: () => RECONNECT_SENTINEL_MS,
        maxRetriesPerRequest: null,
        // A Sentinel's user may be allowed nothing but what is asked here.
        enableReadyCheck: false,
        ...(shared.tls && { tls: shared.tls }),
        ...(login && { password: login.password }),
        ...(login?.username && { username: login.username }),
        lazyConnect: true,
      }),
  );
  const options = {
    ...shared,
    sentinels,
    name: master,
    sentinelRetryStrategy: reconnectDelayMs,
    sentinelCommandTimeout: WHEREABOUTS_MS_MAX,
    // Without these two a client with TLS speaks plain text to Sentinels and master alike.
    enableTLSForSentinelMode: shared.tls !== undefined,
    ...(shared.tls && { sentinelTLS: shared.tls }),
    ...(login && { sentinelPassword: login.password }),
    ...(login?.username && { sentinelUsername: login.username }),
    lazyConnect: true,
  } satisfies RedisOptions;
  return new SentinelRedis(options, { master, listeners });
}

function clusterOptions(shared: ReturnType<typeof sharedOptions>) {
  return {
    redisOptions: shared,
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnectDelayMs,
    // Not given up at once: else a call that was under way when the connection broke is sent again to another node.
    clusterNodeRetryStrategy: (attempt: number) =>
      attempt > NODE_ATTEMPTS_MAX ? null : reconnectDelayMs(attempt),
    slotsRefreshTimeout: WHEREABOUTS_MS_MAX,
    // The nodes of a certificate are names, and the names of startup nodes must not become addresses.
    dnsLookup: (name, found) => found(null, name),
    // These three answers say that nothing was done.
    retryDelayOnTryAgain: 20,
    retryDelayOnClusterDown: 50,
    retryDelayOnFailover: 50,
    maxRedirections: 4,
  } satisfies ClusterOptions;
}
