// Only a Redis Cluster has more than one server for several services.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { connectRedis } from '../../src/ledger/redis/connection/connect.ts';
import type { Copies } from '../../src/ledger/redis/lost-data/copies.ts';
import type { Coverage } from '../../src/ledger/redis/lost-data/coverage.ts';
import { readStoreClock } from '../../src/ledger/redis/lost-data/store-clock.ts';
import { tellStore } from '../../src/ledger/redis/lost-data/tell-store.ts';
import type { PageSource } from '../../src/ledger/redis/pages.ts';
import { defineScripts } from '../../src/ledger/redis/scripts.ts';
import { LedgerCase } from '../ledger/contract/ledger-case.ts';
import { untilYes } from '../support/ask-redis.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { findPlaces } from './slots.ts';

const AT = '2026-11-20T09:00:00Z';
const SERVICES = 50;
/** More than a store has that answers. */
const ATTEMPTS = 40;

let cluster: RedisCluster;
let ledger: Ledger;
let cases: LedgerCase[];
let owners: RedisServer[];

beforeAll(async () => {
  cluster = await startRedisCluster({ args: ['--cluster-require-full-coverage', 'no'] });
  const connection = { kind: 'cluster', nodes: cluster.nodes } as const;
  ledger = await openTestRedisLedger(connection, { deadlineMs: 3_000 });
  cases = Array.from({ length: SERVICES }, () => new LedgerCase({ ledger }));
  const places = await findPlaces(
    cluster,
    cases.map(({ service }) => service),
  );
  owners = places.map(({ owner }) => owner);
}, 60_000);
afterAll(async () => {
  await ledger.close();
  await cluster.stop();
});

test('fifty services fall on every server, and all are served in one turn', async () => {
  const shares = cluster.servers.map((server) => owners.filter((owner) => owner === server).length);
  process.stdout.write(`    ${SERVICES} services on ${shares.join(', ')} of the servers' slots\n`);
  // Each server misses a service with probability 2/3, all fifty with less than one in a hundred million.
  expect(Math.min(...shares)).toBeGreaterThan(0);
  const people = ['ann', 'bob', 'cid'];
  const answers = await Promise.all(cases.flatMap((c) => people.map((person) => c.admit(person, AT))));
  expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'new'));
  const totals = await Promise.all(cases.map((c) => c.totals('2026-11')));
  expect(totals.map(({ all }) => all)).toEqual(cases.map(() => people.length));
});

test('while one server is away, the services of the others are served', async () => {
  const away = cluster.servers[0] as RedisServer;
  const withoutServer = cases.filter((_, index) => owners[index] === away);
  const others = cases.filter((_, index) => owners[index] !== away);
  away.pause();
  try {
    for (const c of others) {
      // A newcomer may be told to wait for a look meanwhile.
      for (const person of ['ann', 'dan']) {
        await untilYes('served', async () => (await c.admit(person, AT)).outcome !== 'refused');
      }
    }
    const lonely = withoutServer[0] as LedgerCase;
    await expect(lonely.admit('ann', AT)).rejects.toMatchObject({ code: 'ledger-unavailable' });
    // TIME by itself is answered by any server.
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(ledger.ping(lonely.service)).rejects.toMatchObject({ code: 'ledger-unavailable' });
      expect(await ledger.ping(others[0]!.service)).toBeGreaterThan(0);
    }
  } finally {
    away.resume();
  }
  for (const c of withoutServer) {
    await untilYes('served again', async () => (await c.admit('ann', AT)).outcome === 'reuse');
  }
}, 60_000);

test('a store that is away while it is told what it lost is not given up, though other servers answer', async () => {
  const away = cluster.servers[0] as RedisServer;
  const { service } = cases.find((_, index) => owners[index] === away) as LedgerCase;
  const connection = { kind: 'cluster', nodes: cluster.nodes } as const;
  const client = defineScripts(
    connectRedis({ connection, username: null, password: null, tls: false, deadlineMs: 100 }),
  );
  client.on('error', () => {});
  // On a busy machine it may have to try again.
  client.connect().catch(() => {});
  const source = { client, prefix: 'mg', service } as unknown as PageSource;
  await untilYes('connected', async () => (await readStoreClock(source)) > 0);
  const copies = { drop() {} } as unknown as Copies;
  const coverage = { upTo: () => Number.POSITIVE_INFINITY } as unknown as Coverage;
  let attempts = 0;
  const isOver = () => ++attempts > ATTEMPTS;
  away.pause();
  try {
    expect(await tellStore(source, { copies, coverage, lookMs: 1, isOver })).toBeNull();
  } finally {
    away.resume();
    client.disconnect();
  }
}, 60_000);
