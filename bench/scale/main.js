import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { monthOf } from '../../dist/domain/month.js';
import { createServiceKeys } from '../../dist/ledger/redis/keys.js';
import { inspectBuckets } from '../ledger/month-memory.js';
import { KEY_PREFIX, openLedger } from '../ledger/open-ledger.js';
import { fillerPeople } from '../people/filler-people.js';
import { prefillInstant, prefillMonth } from '../people/prefill.js';
import { startScaleRedis } from './scale-redis.js';

/**
 * Fills one service's month step by step, far beyond what the other benchmarks do, and prints what it takes: memory,
 * Redis's CPU, the append-only file, its rewriting, and how long a restart reads it.
 *
 *   node bench/scale/main.js --millions 1,4,8,12,16,18
 *
 * Needs 4 GiB of memory and 6 GB of disk for 18 million. `npm run build` comes first.
 */
const { values } = parseArgs({ options: { millions: { type: 'string', default: '1,4,8,12,16,18' } } });
const STEPS = values.millions.split(',').map((text) => Number(text) * 1e6);
/** People who mint a second time at each step, to see what a known person costs by then. */
const SAMPLE = 200_000;
const SERVICE = 'scale';

const folder = await mkdtemp(join(tmpdir(), 'mau-guard-scale-'));
const redis = await startScaleRedis(folder);
const nowMs = prefillInstant(Date.now());
const month = monthOf(nowMs);
const keys = createServiceKeys(KEY_PREFIX, SERVICE);
try {
  const emptyBytes = await redis.usedMemory();
  const ledger = await openLedger(redis.url);
  let people = 0;
  for (const target of STEPS) {
    const first = await measured(() => fill(ledger, people, target - people, 1));
    const added = target - people;
    people = target;
    const again = await measured(() => fill(ledger, people - SAMPLE, SAMPLE, 2));
    const logBytes = await redis.bytesOf(keys.mints(month));
    const { encodings } = await inspectBuckets(redis, keys, month);
    print({
      people,
      MiB: Math.round((await redis.usedMemory()) / 2 ** 20),
      'bytes an identity': round(((await redis.usedMemory()) - emptyBytes - logBytes) / people),
      'bytes a logged mint': round(logBytes / (await redis.minted(keys.totals(month)))),
      ...encodings,
      'first mints/s': Math.round(added / first.seconds),
      'Redis CPU a first mint, µs': round(first.cpu / added),
      'Redis CPU a known mint, µs': round(again.cpu / SAMPLE),
      'AOF bytes a first mint': Math.round(first.aofBytes / added),
      'AOF bytes a known mint': Math.round(again.aofBytes / SAMPLE),
    });
  }
  await ledger.close();
  const beforeBytes = await redis.aofBytes();
  const rewriteSeconds = await redis.rewrite();
  const afterBytes = await redis.aofBytes();
  const forkMs = round(await redis.lastForkMs());
  const memory = await redis.usedMemory();
  const loadSeconds = await redis.restart();
  print({
    'AOF before its rewrite, MB': Math.round(beforeBytes / 1e6),
    'after, MB': Math.round(afterBytes / 1e6),
    'rewritten in, s': round(rewriteSeconds),
    'fork, ms': forkMs,
    'restart reads it in, s': round(loadSeconds),
    's a GB of memory': round(loadSeconds / (memory / 1e9)),
  });
} finally {
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
}

function fill(ledger, from, count, policyMark) {
  const mint = { service: SERVICE, nowMs: nowMs + policyMark, policyMark };
  const expected = policyMark === 1 ? ledger : { admit: (request) => ledger.admit(request).then(knownAsNew) };
  return prefillMonth(expected, fillerPeople(from, count), mint);
}

/** What fills a month insists on newcomers. */
function knownAsNew({ outcome }) {
  return { outcome: outcome === 'known' ? 'new' : outcome };
}

async function measured(run) {
  const [cpu, aof] = [await redis.cpuMicroseconds(), await redis.aofBytes()];
  const startedAt = performance.now();
  await run();
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, cpu: (await redis.cpuMicroseconds()) - cpu, aofBytes: (await redis.aofBytes()) - aof };
}

function print(figures) {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

function round(number) {
  return Math.round(number * 10) / 10;
}
