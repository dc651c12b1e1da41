import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startScaleRedis } from './scale-redis.js';

/**
 * What a person takes in buckets of more and more people: beyond 512 a bucket is a hash table and no longer a listpack.
 * Keys and records have the lengths that the ledger writes; a month of 32,768 buckets would take as much a person.
 *
 *   node bench/scale/large-buckets.js
 */
const BUCKETS = 2_000;
const SIZES = [100, 200, 300, 400, 500, 600, 800, 1_200];
const IDENTITY_BYTES = 24;
const RECORD_BYTES = 31;
const PER_CALL = 100;

const folder = await mkdtemp(join(tmpdir(), 'mau-guard-scale-'));
const redis = await startScaleRedis(folder);
const { admin } = redis;
try {
  await admin.config('SET', 'appendonly', 'no');
  let people = 0;
  for (const size of SIZES) {
    while (people < size) {
      people += PER_CALL;
      for (let bucket = 0; bucket < BUCKETS; bucket += 50) {
        const pipeline = admin.pipeline();
        for (let one = bucket; one < bucket + 50; one++)
          pipeline.hset(`mg:{scale}:2026-11:people:${one}`, ...records());
        await pipeline.exec();
      }
    }
    const bytes = (await redis.usedMemory()) - (await emptyBytes());
    const encoding = await admin.object('ENCODING', 'mg:{scale}:2026-11:people:7');
    process.stdout.write(
      `${JSON.stringify({ 'people a bucket': size, 'people a month': size * 32_768, encoding, 'bytes an identity': Math.round((bytes / BUCKETS / size) * 10) / 10, 'HGET and HSET, µs': await timeOf() })}\n`,
    );
  }
} finally {
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
}

function records() {
  return Array.from({ length: PER_CALL }, () => [
    randomBytes(IDENTITY_BYTES / 2).toString('hex'),
    randomBytes(RECORD_BYTES),
  ]).flat();
}

/** Of a Redis without data; what connections take is in both. */
async function emptyBytes() {
  return Number(/used_memory_startup:(\d+)/.exec(await admin.info('memory'))[1]);
}

/** Redis's own time of reading and writing one record, by its account of calls inside a script. */
async function timeOf() {
  const script = `
    local value = string.rep('x', ${RECORD_BYTES})
    for bucket = 0, ${BUCKETS - 1} do
      local key = 'mg:{scale}:2026-11:people:' .. bucket
      local fields = redis.call('HRANDFIELD', key, 1)
      redis.call('HGET', key, fields[1])
      redis.call('HSET', key, fields[1], value)
    end`;
  await admin.config('RESETSTAT');
  for (let round = 0; round < 10; round++) await admin.eval(script, 0);
  const stats = await admin.info('commandstats');
  const usecOf = (name) => Number(new RegExp(`cmdstat_${name}:.*usec_per_call=([\\d.]+)`).exec(stats)[1]);
  return Math.round((usecOf('hget') + usecOf('hset')) * 100) / 100;
}
