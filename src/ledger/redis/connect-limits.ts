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

/**
 * Opens a second connection to the ledger's Redis: a limit must neither stand in the queue before an admission nor
 * wait behind one. Its failures are silent, since the ledger's own connection reports the same outage.
 */
export function connectLimits(options: RedisConnectionOptions): LimitConnection {
  const client = connectRedis({ ...options, deadlineMs: Math.min(DEADLINE_MS, options.deadlineMs) });
  client.on('error', () => {});
  client.connect().catch(() => {
    // Reconnecting goes on in the background.
  });
  return { client, close: () => client.disconnect() };
}
