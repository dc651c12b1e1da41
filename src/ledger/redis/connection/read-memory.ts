import { Cluster, type Redis } from 'ioredis';
import { parseInfo } from './parse-info.ts';

/** What all servers that take writes use together. */
export interface RedisMemory {
  usedBytes: number;
  /** Null: there is no limit on at least one of them. */
  bytesMax: number | null;
  servers: number;
}

/** Asks each server once. Rejects at once while one is away. */
export async function readRedisMemory(client: Redis | Cluster): Promise<RedisMemory> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const answers = await Promise.all(nodes.map(async (node) => parseInfo(await node.info('memory'))));
  const sum = (field: string) =>
    answers.reduce((total, fields) => total + (Number(fields[field] ?? 0) || 0), 0);
  const isBounded = answers.every((fields) => Number(fields['maxmemory'] ?? 0) > 0);
  return {
    usedBytes: sum('used_memory'),
    bytesMax: isBounded ? sum('maxmemory') : null,
    servers: nodes.length,
  };
}
