import { Cluster, Redis } from 'ioredis';
import { GatewayError } from '../../domain/gateway-error.ts';

export interface RedisConnectionOptions {
  connection:
    | { kind: 'single'; url: string }
    | { kind: 'cluster'; nodes: { host: string; port: number }[] }
    | { kind: 'sentinel'; sentinels: { host: string; port: number }[]; master: string };
  username: string | null;
  password: string | null;
  tls: boolean;
  /** Deadline of one call, ms. */
  deadlineMs: number;
}

/**
 * A client that answers at once or fails: nothing is queued while Redis is away and nothing is sent twice,
 * because an admission that is repeated behind the caller's back is one that nobody can explain.
 */
export function connectRedis(options: RedisConnectionOptions): Redis | Cluster {
  const shared = {
    protocol: 2 as const,
    commandTimeout: options.deadlineMs,
    connectTimeout: 2_000,
    disconnectTimeout: 100,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, 1_000),
    ...(options.username === null ? {} : { username: options.username }),
    ...(options.password === null ? {} : { password: options.password }),
    ...(options.tls ? { tls: {} } : {}),
  };
  switch (options.connection.kind) {
    case 'single':
      return new Redis(options.connection.url, { ...shared, lazyConnect: true });
    case 'sentinel':
      return new Redis({
        ...shared,
        lazyConnect: true,
        sentinels: options.connection.sentinels,
        name: options.connection.master,
      });
    case 'cluster':
      return new Cluster(options.connection.nodes, {
        redisOptions: shared,
        lazyConnect: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
        retryDelayOnTryAgain: 20,
        retryDelayOnClusterDown: 50,
        maxRedirections: 4,
      });
    default: {
      const unknown: never = options.connection;
      throw new Error(`unknown connection ${JSON.stringify(unknown)}`);
    }
  }
}

/** Whatever a client threw, as the one failure the gateway knows. */
export function ledgerUnavailable(operation: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GatewayError('ledger-unavailable', `redis ${operation}: ${reason}`, { cause });
}
