import { expect } from '@jest/globals';
import { WATCH_TIMES } from '../../src/ledger/redis/lost-data/ports.ts';
import { GatewayCase } from '../ledger/redis/gateway-case.ts';
import { untilYes } from '../support/ask-redis.ts';
import { LOAD_MONTH, loadLedger } from './load-ledger.ts';
import { type MintLoad, servedPeople } from './mint-load.ts';
import { cutHeirsOff, type StoreWithHeirs, type Strike } from './strike-primary.ts';

/** One of them is under load, the others only have to find out. */
const GATEWAYS = 3;
const LIMIT = 1_500;
const OPTIONS = { watchTimes: WATCH_TIMES, deadlineMs: 250 };
/** From the moment another server takes writes to the first newcomer. */
const NEWCOMER_MS_MAX = 2_000;

/**
 * Strikes the primary of three gateways with their memories and the times that they ship with. Newcomers wait until all
 * three have looked at its heir, and told it what it lacks; nobody passes the budget, and neither who got a token nor who was
 * seen connected is forgotten.
 */
export async function strikeGateways(store: StoreWithHeirs, strike: Strike): Promise<void> {
  const gateways: GatewayCase[] = [];
  try {
    while (gateways.length < GATEWAYS) {
      gateways.push(await GatewayCase.open(store.connection, gateways[0], OPTIONS));
    }
    for (const [number, gateway] of gateways.entries()) {
      await untilYes('the budget is set', () =>
        gateway.budget(LOAD_MONTH, { scopes: { all: LIMIT } }).then(() => true),
      );
      await untilYes('somebody was seen', () =>
        gateway.ask(`first-${number}`, '2026-11-20T09:00:00Z').then(() => true),
      );
    }
    const connected = new Set<string>();
    const load = loadLedger(gateways[0]!, connected);
    try {
      await strikeUnderLoad(store, strike, gateways, { load, connected });
    } finally {
      load.end();
    }
  } finally {
    await Promise.all(gateways.map(({ ledger }) => ledger.close()));
  }
}

async function strikeUnderLoad(
  store: StoreWithHeirs,
  strike: Strike,
  gateways: readonly GatewayCase[],
  { load, connected }: { load: MintLoad; connected: ReadonlySet<string> },
): Promise<void> {
  const [loaded] = gateways as [GatewayCase];
  await load.until(['new'], 300);
  const primary = await store.primaryOf(loaded.service);
  if (strike.heirsCutOff) {
    await cutHeirsOff(primary);
    await load.until(['new'], 30);
  }
  strike.strike(primary);
  const struckAt = performance.now();
  await untilYes('another takes over', () => store.hasPassedFrom(primary, loaded.service));
  const passedAt = performance.now();
  const known = await load.until(['known', 'reuse']);
  const newcomer = await load.until(['new']);
  // Not before: a gateway whose question it still holds would take it for the primary until it is told otherwise.
  primary.resume();
  await load.until(['refused'], 20);
  const served = servedPeople(await load.stop());

  const after = (instant: number) => Math.round(instant - passedAt);
  const told = gateways.flatMap(({ events }) =>
    events.flatMap((said) => (said.event === 'restored' ? [said.people] : [])),
  );
  process.stdout.write(
    `    ${strike.what}, three gateways: another took over after ${Math.round(passedAt - struckAt)} ms; from then on ` +
      `known people waited ${after(known.answeredAt)} ms, newcomers ${after(newcomer.answeredAt)} ms; ` +
      `${told.length === 0 ? 'nothing was lost' : `${told.join(', ')} people told`}\n`,
  );
  expect(newcomer.answeredAt - passedAt).toBeLessThan(NEWCOMER_MS_MAX + load.stoodStillMs);
  expect(told.length).toBe(strike.heirsCutOff ? GATEWAYS : 0);
  const month = await loaded.people(LOAD_MONTH);
  const people = new Set(month.map(({ identity }) => String(identity)));
  expect([...served].filter((person) => !people.has(person))).toEqual([]);
  expect(people.size).toBeLessThanOrEqual(LIMIT);
  const wereSeen = month.filter(({ signals }) => signals.some(({ signal }) => signal === 'connected'));
  const seen = new Set(wereSeen.map(({ identity }) => String(identity)));
  expect(connected.size).toBeGreaterThan(0);
  expect([...connected].filter((person) => !seen.has(person))).toEqual([]);
}
