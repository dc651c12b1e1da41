import { serviceNameOf } from '../http/gateway-config.js';
import { runRounds } from '../rounds.js';
import { spreadOf } from '../statistics.js';
import { withCleanup } from '../system/cleanup.js';
import { withThisProcessOn } from '../system/pinning.js';
import { say } from '../system/progress.js';
import { startRedis } from '../system/redis-server.js';
import { watchSlowCalls } from '../system/slow-calls.js';
import { fillMonth, gatherPeople } from './filled-month.js';
import { MIXES, runMix, underBudget } from './mint-mix.js';
import { inspectBuckets, measureFurtherSignal, measureMonthMemory } from './month-memory.js';
import { openLedger } from './open-ledger.js';

/** Ledgers that mint at the same time, each a connection of its own, as so many gateways would. */
const LANES = 4;
const SERVICE = serviceNameOf(0);
const SUMMARIES = 50;
/** First mints let the month grow, so they are fewer. */
const FIRST_MINTS_SHARE = 0.1;

/**
 * The Redis ledger by itself, in a month of many people: CPU of Redis for a mint, memory, and its longest call.
 *
 * @param {{ sizes: import('../options.js').Sizes, placement: import('../system/pinning.js').Placement, folder: string }}
 *   options
 */
export function runLedgerPart({ sizes, placement, folder }) {
  const measure = () =>
    withCleanup(async (defer) => {
      const people = gatherPeople(sizes.identities);
      const stores = {};
      for (const durable of [false, true]) {
        const name = durable ? 'appendfsync always' : 'appendonly no';
        const redis = await startRedis({ folder, durable, core: placement.others });
        defer(redis.stop);
        const ledgers = await openLedgers(redis, defer);
        say(`${name}: filling a month with ${people.length} people`);
        stores[name] = await fillStore(redis, ledgers, people);
        say(`${name}: ${Math.round(stores[name].filling.perSecond)} first mints/s`);
      }
      // The first calls of a connection also send the script and ask for codes.
      for (const { ledgers, population } of Object.values(stores)) {
        await runMix(ledgers, population, MIXES.ordinary(64), sizes.mixMints / 4);
      }
      const mixes = await compareMixes(stores, sizes);
      const results = {};
      for (const [name, store] of Object.entries(stores)) results[name] = await finishStore(store);
      return { identities: people.length, lanes: LANES, mixes, stores: results };
    });
  return withThisProcessOn(placement.server, measure);
}

async function openLedgers(redis, defer) {
  const ledgers = await Promise.all(Array.from({ length: LANES }, () => openLedger(redis.url)));
  for (const ledger of ledgers) defer(() => ledger.close());
  return ledgers;
}

async function fillStore(redis, ledgers, people) {
  const slowCalls = await watchSlowCalls(redis.admin);
  const emptyBytes = await redis.usedMemory();
  const cpuBefore = await redis.cpuMicroseconds();
  const filled = await fillMonth(ledgers[0], { people, service: SERVICE, lanes: LANES });
  const redisMicroseconds = ((await redis.cpuMicroseconds()) - cpuBefore) / people.length;
  const { month, keys } = filled;
  await slowCalls.collect();
  const memory = await measureMonthMemory(redis, { emptyBytes, identities: people.length, month, keys });
  return {
    redis,
    ledgers,
    slowCalls,
    ...filled,
    filling: { perSecond: people.length / filled.seconds, redisMicroseconds },
    memory,
  };
}

/** The same mixes on both stores, in turns. */
async function compareMixes(stores, { rounds, mixMints }) {
  const first = [MIXES.first(64), MIXES.first(1)];
  const plain = [MIXES.ordinary(8), MIXES.ordinary(64), MIXES.repeat(64), ...first];
  const mixes = [...plain, ...[MIXES.ordinary(8), ...first].map(underBudget)];
  const competitors = Object.entries(stores).flatMap(([storeName, store]) =>
    mixes.map((mix) => ({ name: `${storeName}: ${mix.name}`, store, mix })),
  );
  return runRounds(competitors, rounds, async ({ name, store, mix }, round) => {
    const wanted = mix.newEvery === 1 ? mixMints * FIRST_MINTS_SHARE : mixMints;
    const figures = await measureMix(store, mix, Math.ceil(wanted));
    say(`round ${round + 1}: ${name}: ${figures.redisMicroseconds.toFixed(2)} µs of Redis a mint`);
    return figures;
  });
}

async function measureMix({ redis, ledgers, population, month }, mix, wanted) {
  await ledgers[0].configureBudget(SERVICE, month, mix.budget);
  const callsBefore = await countCalls(redis);
  const cpuBefore = await redis.cpuMicroseconds();
  const { mints, calls, seconds } = await runMix(ledgers, population, mix, wanted);
  const redisMicroseconds = ((await redis.cpuMicroseconds()) - cpuBefore) / mints;
  const made = (await countCalls(redis)) - callsBefore;
  if (made !== calls) throw new Error(`${mix.name}: ${made} calls reached Redis, not ${calls}`);
  return { mints, perSecond: mints / seconds, redisMicroseconds };
}

/**
 * Calls of scripts, but for the looks of each ledger at what the store may have lost: only they read the set of months. A
 * connection sends a script's text once, by EVAL, and its hash from then on.
 */
async function countCalls({ admin }) {
  const info = await admin.info('commandstats');
  const countOf = (command) =>
    Number(info.match(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm'))?.[1] ?? 0);
  return countOf('eval') + countOf('evalsha') - countOf('smembers');
}

async function finishStore({ redis, ledgers, slowCalls, population, month, keys, filling, memory }) {
  const [ledger] = ledgers;
  say('adding one further signal to everybody');
  const furtherSignal = await measureFurtherSignal(redis, ledger, population, slowCalls);
  const summaries = [];
  for (let n = 0; n < SUMMARIES; n++) {
    const startedAt = performance.now();
    await ledger.totals(SERVICE, month);
    summaries.push(performance.now() - startedAt);
  }
  const longest = await slowCalls.longest();
  return {
    ...{ filling, memory, furtherSignal, longest, summaryMs: spreadOf(summaries) },
    afterwards: await inspectBuckets(redis, keys, month),
  };
}
