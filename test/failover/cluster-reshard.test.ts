// Only a Redis Cluster moves a service from one server to another while it is used.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LedgerCase } from '../ledger/contract/ledger-case.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { LOAD_MONTH, loadLedger } from './load-ledger.ts';
import { type Mint, type MintLoad, servedPeople, slowestOf } from './mint-load.ts';
import { moveSlot } from './move-slot.ts';
import { findPlace } from './slots.ts';

const DEADLINE_MS = 90_000;

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: 1 });
}, DEADLINE_MS);
afterAll(() => cluster.stop());

test.each([{ waitReplicas: 0 }, { waitReplicas: 1 }])(
  'a service that moves in mid-load, %j: nothing is lost and nothing is counted twice',
  async ({ waitReplicas }) => {
    const connection = { kind: 'cluster', nodes: cluster.nodes } as const;
    const ledger = await openTestRedisLedger(connection, { waitReplicas, deadlineMs: 250 });
    const c = new LedgerCase({ ledger });
    const load = loadLedger(c);
    try {
      await load.until(['new'], 100);
      const moved = await moveInMidLoad(c, load);
      const mints = await load.stop();
      const servedAgain = mints.filter(({ askedAt }) => askedAt > moved.endedAt);
      const unavailable = mints.filter(({ outcome }) => outcome === 'unavailable');
      process.stdout.write(
        `    ${moved.keys} keys moved in ${Math.round(moved.endedAt - moved.startedAt)} ms; ` +
          `${unavailable.length} of ${mints.length} turned away, the slowest after ${slowestOf(mints)} ms\n`,
      );
      expect(servedAgain.some(({ outcome }) => outcome === 'new')).toBe(true);
      // The deadline of a call is 250 ms; test machines are busy.
      expect(slowestOf(mints)).toBeLessThan(1_500 + load.stoodStillMs);
      await expectSoundMonth(c, mints);
    } finally {
      load.end();
      await ledger.close();
    }
  },
  DEADLINE_MS,
);

async function moveInMidLoad(c: LedgerCase, load: MintLoad) {
  const { slot, owner: from } = await findPlace(cluster, c.service);
  const to = cluster.servers.find((server) => server !== from) as RedisServer;
  const startedAt = performance.now();
  const inBetween = () => load.until(['unavailable', 'new', 'known', 'reuse'], 30);
  const { keys } = await moveSlot(cluster, slot, { from, to, inBetween });
  const endedAt = performance.now();
  expect((await findPlace(cluster, c.service)).owner).toBe(to);
  await load.until(['new'], 30);
  return { keys, startedAt, endedAt };
}

/** Set, log and totals say the same, whoever was given a token is among them, and nobody is new twice. */
async function expectSoundMonth(c: LedgerCase, mints: readonly Mint[]): Promise<void> {
  const [people, log, totals] = await Promise.all([
    c.people(LOAD_MONTH),
    c.mints(LOAD_MONTH),
    c.totals(LOAD_MONTH),
  ]);
  const identities = people.map(({ identity }) => String(identity));
  const counted = new Set(identities);
  expect(identities).toHaveLength(counted.size);
  expect([...servedPeople(mints)].filter((person) => !counted.has(person))).toEqual([]);
  expect(totals.all).toBe(counted.size);
  expect(totals.masks.reduce((sum, { identities: some }) => sum + some, 0)).toBe(counted.size);

  const newcomers = log.filter(({ outcome }) => outcome === 'new').map(({ identity }) => String(identity));
  expect(newcomers.sort()).toEqual([...counted].sort());
  expect(totals.minted).toBe(log.length);
  expect(new Set(log.map(({ ordinal }) => ordinal)).size).toBe(log.length);
  const toldNew = mints.filter(({ outcome }) => outcome === 'new').map(({ person }) => person);
  expect(new Set(toldNew).size).toBe(toldNew.length);
}
