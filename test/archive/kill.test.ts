// Only a ledger on Redis outlives the process that works on its archive.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Month, monthOf, monthStartSeconds, previousMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { IdentityRecord, MintRecord } from '../../src/ledger/records.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { buildOnce } from '../support/gateway-process.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { makeFolder } from './archive-kit.ts';
import { type ArchivedLedger, KilledGateway, lookAtArchive, type Stage } from './killed-gateway.ts';

/** Of the draws below; another one makes other instants. */
const SEED = 20_261_121;
const PEOPLE = 250;
const MINTS_EACH = 5;
/** Months that leave the ledger, newest first; each is killed at these stages, one after the other. */
const STAGES: readonly (readonly Stage[])[] = [
  ['writing', 'stopped', 'mints leaving', 'coming back'],
  ['writing', 'writing', 'people leaving', 'coming back'],
  ['written', 'mints leaving', 'people leaving', 'coming back'],
  ['written', 'stopped', 'people leaving'],
];
/** How long after its stage a process is killed at the latest, ms: about as long as the stage takes. */
const LATEST_MS: Record<Stage, number> = {
  writing: 80,
  written: 40,
  stopped: 2_100,
  'mints leaving': 12,
  'people leaving': 40,
  'coming back': 150,
};

let redis: RedisServer;
let ledger: Ledger;
let parts: ArchivedLedger;
let gateway: KilledGateway;

beforeAll(buildOnce, 120_000);
beforeEach(async () => {
  redis = await startRedisServer();
  ledger = await openTestRedisLedger({ kind: 'single', url: redis.url });
  parts = { ledger, redisUrl: redis.url, root: makeFolder() };
  gateway = new KilledGateway(parts);
});
afterEach(async () => {
  await gateway.stop();
  await ledger.close();
  await redis.stop();
});

/** The same numbers from 0 to 1 for the same seed: a linear congruential generator, good enough to spread instants. */
function drawsOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Months of which every row may leave, whatever day it is today. */
function oldMonths(count: number): Month[] {
  const months = [previousMonth(previousMonth(previousMonth(monthOf(Date.now()))))];
  while (months.length < count) months.push(previousMonth(months.at(-1)!));
  return months;
}

async function fill(month: Month): Promise<void> {
  const at = (second: number) => new Date((monthStartSeconds(month) + second) * 1_000).toISOString();
  for (let turn = 0; turn < MINTS_EACH; turn++) {
    const mints = Array.from({ length: PEOPLE }, (_, number) => ({
      ...{ identity: `m_${number}`, at: at(86_400 * (1 + turn) + 60 * number), policyMark: turn + 1 },
      ...(number % 5 === 0 ? { className: 'guest' } : { tenant: `tenant-${number % 3}` }),
    }));
    await mintTokens(ledger, mints);
  }
  await recordActs(
    ledger,
    Array.from({ length: PEOPLE }, (_, number) => ({
      ...{ identity: number % 2 === 0 ? `m_${number}` : `e_${number}`, at: at(500_000 + 70 * number) },
      signal: number % 3 === 0 ? ('joined' as const) : ('messaged' as const),
    })),
  );
}

async function rowsOf(month: Month): Promise<{ people: IdentityRecord[]; mints: MintRecord[] }> {
  const page = { after: null, limit: 10_000 };
  const [people, mints] = await Promise.all([
    ledger.identities(DEFAULT_SERVICE, month, page),
    ledger.mints(DEFAULT_SERVICE, month, page),
  ]);
  return { people: people.items, mints: mints.items };
}

async function everythingOf(month: Month) {
  const [totals, days, rows] = await Promise.all([
    ledger.totals(DEFAULT_SERVICE, month),
    ledger.days(DEFAULT_SERVICE, month),
    rowsOf(month),
  ]);
  const masks = totals.masks.toSorted(
    (one, other) => one.className.localeCompare(other.className) || one.mask - other.mask,
  );
  return { ...rows, totals: { ...totals, masks }, days };
}

type Everything = Awaited<ReturnType<typeof everythingOf>>;

test('a gateway that is killed at any instant of archiving, trimming or restoring loses no row', async () => {
  const draw = drawsOf(SEED);
  const archive = lookAtArchive(parts);
  const months = oldMonths(STAGES.length);
  // In the order in which months come: whoever is in the one before is returning.
  for (const month of months.toReversed()) await fill(month);
  await gateway.start();
  for (const month of months) await gateway.order(month, 'close');
  const before = new Map<Month, Everything>();
  for (const month of months) before.set(month, await everythingOf(month));

  /** Whatever row of a month the ledger has not any more can be read back from files that are what they were. */
  async function expectNothingLost(month: Month): Promise<void> {
    const [whole, left, kept] = [before.get(month)!, await rowsOf(month), await archive.readBack(month)];
    const people = new Set(left.people.map((person) => JSON.stringify(person)));
    const mints = new Set(left.mints.map(({ ordinal }) => ordinal));
    const lostPeople = whole.people.filter((person) => {
      const text = JSON.stringify(person);
      return !people.has(text) && !kept.people.has(text);
    });
    const lostMints = whole.mints.filter(({ ordinal }) => !mints.has(ordinal) && !kept.mints.has(ordinal));
    expect({ month, lostPeople, lostMints }).toEqual({ month, lostPeople: [], lostMints: [] });
  }

  async function finish(month: Month, what: 'archive' | 'restore'): Promise<void> {
    await gateway.start();
    await gateway.order(month, what);
    await archive.untilIdle();
  }

  const kills: string[] = [];
  for (const [position, month] of months.entries()) {
    for (const stage of STAGES[position]!) {
      const isRestoring = stage === 'coming back';
      if (isRestoring) await finish(month, 'archive');
      await gateway.start();
      const wait = Math.floor(draw() * LATEST_MS[stage]);
      await gateway.orderAndKill(month, isRestoring ? 'restore' : 'archive', async () => {
        await archive.until(month, stage);
        await sleep(wait);
      });
      const record = await archive.recordOf(month);
      const { people, mints } = await rowsOf(month);
      kills.push(
        `${month} ${stage} +${wait} ms: ${record?.mints ?? '-'}/${record?.people ?? '-'}, ` +
          `${mints.length} mints and ${people.length} people in the ledger`,
      );
      await expectNothingLost(month);
      await archive.passLease();
    }
    if (STAGES[position]!.at(-1) !== 'coming back') await finish(month, 'archive');
    await finish(month, 'restore');
    expect({ month, ...(await everythingOf(month)) }).toEqual({ month, ...before.get(month) });
  }
  process.stdout.write(`    ${kills.join('\n    ')}\n`);
  expect(kills).toHaveLength(15);
  expect(await archive.verify()).toMatchObject({ ok: true, findings: [] });
  expect(await archive.strayFiles()).toEqual([]);
}, 180_000);
