import { expect } from '@jest/globals';
import type { ServiceName } from '../../src/domain/service-name.ts';
import type { RedisLedgerOptions } from '../../src/ledger/redis/redis-ledger.ts';
import { LedgerCase } from '../ledger/contract/ledger-case.ts';
import { askRedis, FAILOVER_MS_MAX, untilYes } from '../support/ask-redis.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { LOAD_MONTH, loadLedger } from './load-ledger.ts';
import { type MintLoad, servedPeople, slowestOf } from './mint-load.ts';

/** A store in which another server takes over from one that fails. */
export interface StoreWithHeirs {
  connection: RedisLedgerOptions['connection'];
  /** The server that takes a service's writes now. */
  primaryOf(service: ServiceName): Promise<RedisServer>;
  /** Whether another server than this one takes the service's writes by now. */
  hasPassedFrom(primary: RedisServer, service: ServiceName): Promise<boolean>;
}

export interface Strike {
  what: string;
  waitReplicas: number;
  strike(primary: RedisServer): void;
  /** The heirs have been cut off for a moment before. Default false. */
  heirsCutOff?: boolean;
}

/** A blocking budget that is full only after the failover. */
const LIMIT = 700;
/** The deadline of a call is 250 ms; test machines are busy. */
const ANSWER_MS_MAX = 1_500;
/** From the moment another server takes writes to the first mint; without load a fraction of a second. */
export const RESTORED_MS_MAX = 5_000;

/**
 * Strikes a service's primary in mid-load, and answers how many people who were given a token are not in the month
 * afterwards. Asserts what holds whatever was lost.
 */
export async function strikePrimary(store: StoreWithHeirs, strike: Strike): Promise<number> {
  const options = { waitReplicas: strike.waitReplicas, deadlineMs: 250 };
  const ledger = await openTestRedisLedger(store.connection, options);
  try {
    const c = new LedgerCase({ ledger });
    await untilYes('the budget is set', () =>
      c.budget(LOAD_MONTH, { scopes: { all: LIMIT } }).then(() => true),
    );
    const load = loadLedger(c);
    try {
      return await strikeUnderLoad(store, strike, { c, load });
    } finally {
      load.end();
    }
  } finally {
    await ledger.close();
  }
}

async function strikeUnderLoad(
  store: StoreWithHeirs,
  strike: Strike,
  { c, load }: { c: LedgerCase; load: MintLoad },
): Promise<number> {
  await load.until(['new'], 50);
  const primary = await store.primaryOf(c.service);
  if (strike.heirsCutOff) {
    await cutHeirsOff(primary);
    await load.until(['new', 'unavailable'], 30);
  }
  strike.strike(primary);
  const struckAt = performance.now();

  await untilYes('another takes over', () => store.hasPassedFrom(primary, c.service), FAILOVER_MS_MAX);
  const passedAt = performance.now();
  const restored = await load.until(['new', 'known', 'reuse']);
  primary.resume();
  const newcomer = await load.until(['new']);
  await load.until(['refused'], 20);
  const mints = await load.stop();

  const counted = await countPeople(c);
  const served = servedPeople(mints);
  const lost = [...served].filter((person) => !counted.has(person)).length;
  const unavailable = mints.filter(({ outcome }) => outcome === 'unavailable').length;
  process.stdout.write(
    `    ${strike.what}: another took over after ${Math.round(passedAt - struckAt)} ms, served again after ` +
      `${Math.round(restored.answeredAt - struckAt)} ms, newcomers after ${Math.round(newcomer.answeredAt - struckAt)} ms; ${unavailable} of ${mints.length} turned away, the slowest ` +
      `after ${slowestOf(mints)} ms; ${lost} of ${served.size} people with a token forgotten\n`,
  );

  expect(unavailable).toBeGreaterThan(0);
  expect(restored.answeredAt - passedAt).toBeLessThan(RESTORED_MS_MAX + load.stoodStillMs);
  expect(slowestOf(mints)).toBeLessThan(ANSWER_MS_MAX + load.stoodStillMs);
  expect(counted.size).toBeLessThanOrEqual(LIMIT);
  expect(served.size).toBeLessThanOrEqual(LIMIT + lost);
  return lost;
}

/** A network that is cut between servers: pausing the heirs would not do, since their machine goes on receiving. */
export function cutHeirsOff({ port }: RedisServer): Promise<unknown> {
  return askRedis(port, async (client) => {
    await client.call('ACL', 'SETUSER', 'default', '-psync', '-sync');
    await client.call('CLIENT', 'KILL', 'TYPE', 'replica');
  });
}

/** Everybody in the month, by as many attempts as a busy machine takes. */
async function countPeople(c: LedgerCase): Promise<Set<string>> {
  let people = new Set<string>();
  await untilYes('the month can be read', async () => {
    people = new Set((await c.people(LOAD_MONTH)).map(({ identity }) => identity));
    return true;
  });
  return people;
}
