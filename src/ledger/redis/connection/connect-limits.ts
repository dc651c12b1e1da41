import type { Cluster, Redis } from 'ioredis';
import { connectRedis, type RedisConnectionOptions } from './connect.ts';

/** A connection for rate limits, which is no part of the ledger. */
export interface LimitConnection {
  /** The ioredis client. Rejects at once while Redis is away. */
  client: Redis | Cluster;
  close(): void;
}

/** Longer than any healthy answer, and short enough that nobody waits for a limit. */
const DEADLINE_MS = 100;
/** A Cluster's node is connected to when it is first asked, and the deadline is one for all attempts. */
const CLUSTER_DEADLINE_MS = 250;

/**
 * Opens a second connection to the ledger's Redis: a limit must neither stand in the queue before an admission nor
 * wait behind one. Its failures are silent, since the ledger's own connection reports the same outage.
 */
export function connectLimits(options: RedisConnectionOptions): LimitConnection {
  const longestMs = options.connection.kind === 'cluster' ? CLUSTER_DEADLINE_MS : DEADLINE_MS;
  const client = connectRedis({ ...options, deadlineMs: Math.min(longestMs, options.deadlineMs) });
  client.on('error', () => {});
  client.connect().catch(() => {
    // Reconnecting goes on in the background.
  });
  return { client, close: () => client.disconnect() };
}
