import { BUCKETS } from '../../dist/ledger/buckets.js';
import { CLASS } from '../people/resolve-people.js';

const BUCKETS_PER_READ = 512;
/** Written at the same time. */
const EVIDENCE_SLICES = 8;

/**
 * What a month takes in Redis. Bytes are differences of Redis's own `used_memory`, so keys, tables and unused ends
 * of allocations are in them.
 *
 * @param {import('../system/redis-server.js').RedisServer} redis
 * @param {{ emptyBytes: number, identities: number, month: string,
 *   keys: import('../../dist/ledger/redis/keys.js').ServiceKeys }} filled
 */
export async function measureMonthMemory(redis, { emptyBytes, identities, month, keys }) {
  const withLog = await redis.usedMemory();
  await redis.admin.del(keys.mints(month));
  const withoutLog = await redis.usedMemory();
  return {
    bytesPerIdentity: (withoutLog - emptyBytes) / identities,
    bytesPerLoggedMint: (withLog - withoutLog) / identities,
    ...(await inspectBuckets(redis, keys, month)),
  };
}

/**
 * Reads every bucket once: how long the longest record is, and that none has grown into a hash table.
 */
export async function inspectBuckets({ admin }, keys, month) {
  let longestRecordBytes = 0;
  const encodings = {};
  for (let from = 0; from < BUCKETS; from += BUCKETS_PER_READ) {
    const pipeline = admin.pipeline();
    for (let bucket = from; bucket < Math.min(BUCKETS, from + BUCKETS_PER_READ); bucket++) {
      pipeline.hvalsBuffer(keys.people(month, bucket)).object('ENCODING', keys.people(month, bucket));
    }
    for (const [error, answer] of await pipeline.exec()) {
      if (Array.isArray(answer)) {
        longestRecordBytes = answer.reduce(
          (longest, { length }) => Math.max(longest, length),
          longestRecordBytes,
        );
      } else if (error === null && answer !== null) {
        encodings[answer] = (encodings[answer] ?? 0) + 1;
      }
    }
  }
  return { longestRecordBytes, encodings };
}

/**
 * Adds one further signal to everybody, through the ledger, and answers what that adds to the memory.
 *
 * @param {import('../system/redis-server.js').RedisServer} redis
 * @param {{ record: (service: string, evidence: object[]) => Promise<void> }} ledger
 * @param {import('./mint-mix.js').Population} population
 * @param {import('../system/slow-calls.js').SlowCalls} slowCalls
 */
export async function measureFurtherSignal(redis, ledger, { service, people, nowMs }, slowCalls) {
  await slowCalls.collect();
  const bytesBefore = await redis.usedMemory();
  const cpuBefore = await redis.cpuMicroseconds();
  const evidence = people.map(({ identity }) => ({
    ...{ identity, signal: 'connected', at: nowMs, source: 'beacon', className: CLASS.name },
  }));
  const slice = Math.ceil(evidence.length / EVIDENCE_SLICES);
  await Promise.all(
    Array.from({ length: EVIDENCE_SLICES }, (_, n) =>
      ledger.record(service, evidence.slice(n * slice, (n + 1) * slice)),
    ),
  );
  const redisMicroseconds = (await redis.cpuMicroseconds()) - cpuBefore;
  await slowCalls.collect();
  return {
    bytesPerFurtherSignal: ((await redis.usedMemory()) - bytesBefore) / people.length,
    redisMicrosecondsPerSignal: redisMicroseconds / people.length,
  };
}
