import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startScaleRedis } from './scale-redis.js';

/**
 * How long one slot takes from one node of a Cluster to another, by MIGRATE as `redis-cli --cluster reshard` does it: a
 * service is not served in between. Keys and records have the lengths that the ledger writes.
 *
 *   node bench/scale/move-service.js
 */
const BUCKETS = 32_768;
const PEOPLE_A_BUCKET = 30;
const IDENTITY_BYTES = 24;
const RECORD_BYTES = 31;
const KEYS_PER_MOVE = 100;

const folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'mau-guard-scale-'))));
const nodes = [];
try {
  for (const dir of folders) nodes.push(await startScaleRedis(dir, { cluster: true }));
  const [from, to] = nodes;
  await from.admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await from.admin.call('CLUSTER', 'MEET', '127.0.0.1', String(to.port));
  while (!String(await to.admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50);
  const key = (bucket) => `mg:{scale}:2026-11:people:${bucket}`;
  const slot = Number(await from.admin.call('CLUSTER', 'KEYSLOT', key(0)));
  for (let bucket = 0; bucket < BUCKETS; bucket += 64) {
    const pipeline = from.admin.pipeline();
    for (let one = bucket; one < bucket + 64; one++) pipeline.hset(key(one), ...records());
    await pipeline.exec();
  }
  const bytes = await from.usedMemory();
  const seconds = await move(from, to, slot);
  process.stdout.write(
    `${JSON.stringify({ people: BUCKETS * PEOPLE_A_BUCKET, keys: BUCKETS, MiB: Math.round(bytes / 2 ** 20), 'moved in, s': Math.round(seconds * 10) / 10 })}\n`,
  );
} finally {
  await Promise.all(nodes.map((node) => node.stop()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}

async function move(from, to, slot) {
  const [fromId, toId] = [await from.admin.call('CLUSTER', 'MYID'), await to.admin.call('CLUSTER', 'MYID')];
  const startedAt = performance.now();
  await to.admin.call('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', fromId);
  await from.admin.call('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', toId);
  for (;;) {
    const keys = await from.admin.call('CLUSTER', 'GETKEYSINSLOT', String(slot), String(KEYS_PER_MOVE));
    if (keys.length === 0) break;
    await from.admin.call('MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
  }
  for (const { admin } of [to, from]) await admin.call('CLUSTER', 'SETSLOT', String(slot), 'NODE', toId);
  return (performance.now() - startedAt) / 1000;
}

function records() {
  return Array.from({ length: PEOPLE_A_BUCKET }, () => [
    randomBytes(IDENTITY_BYTES / 2).toString('hex'),
    randomBytes(RECORD_BYTES),
  ]).flat();
}
