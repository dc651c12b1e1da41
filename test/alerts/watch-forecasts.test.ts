import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createForecastWatch, type WatchedForecast } from '../../src/alerts/watch-forecasts.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { LedgerCase } from '../ledger/contract/ledger-case.ts';

const NOVEMBER = '2026-11' as Month;
const NOW = Date.parse('2026-11-20T21:00:00Z');
const CROSSES: WatchedForecast = {
  ...{ month: NOVEMBER, used: 300, limit: 500 },
  identities: { low: 450, mid: 500, high: 560 },
};

let ledger: Ledger;
beforeEach(async () => {
  ledger = openSqliteLedger({ path: ':memory:' });
  await ledger.configureBudget(
    DEFAULT_SERVICE,
    NOVEMBER,
    budgetOf({ scopes: { all: 500 }, thresholds: [100] }),
  );
});
afterEach(() => ledger.close());

function watch(forecast: () => Promise<WatchedForecast>, onFailure: (failure: unknown) => void = () => {}) {
  return createForecastWatch({
    ...{ ledger, forecast, pollMs: 1, clock: { now: () => NOW }, services: [DEFAULT_SERVICE] },
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve());
        if (signal.aborted) resolve();
      }),
    onFailure: (_service, failure) => onFailure(failure),
  });
}

function raise(identities: number, until: string): Promise<unknown> {
  const ours = Object.assign(new LedgerCase({ ledger }), { service: DEFAULT_SERVICE });
  return ours.raise('fair', { until, month: NOVEMBER, identities });
}

async function alerts(): Promise<string[]> {
  const { items } = await ledger.alerts(DEFAULT_SERVICE, { after: null, limit: 10 });
  return items.map(({ budget, limit, used }) => `${budget} ${used} of ${limit}`);
}

test('tells once that a forecast crosses the limit, on however many gateways', async () => {
  const watches = [watch(async () => CROSSES), watch(async () => CROSSES)];
  for (let round = 0; round < 3; round += 1) await Promise.all(watches.map(({ look }) => look()));
  expect(await alerts()).toEqual(['forecast 500 of 500']);
  expect(watches[0]?.latest(DEFAULT_SERVICE)).toEqual(CROSSES);
});

test.each<[string, Partial<WatchedForecast>]>([
  ['the middle of the band is below the limit', { identities: { low: 450, mid: 499, high: 560 } }],
  ['there is no forecast', { identities: null }],
  ['there is no limit', { limit: null }],
  ['the limit is reached, which has an alert of its own', { used: 500 }],
])('tells nothing when %s', async (_, parts) => {
  await watch(async () => ({ ...CROSSES, ...parts })).look();
  expect(await alerts()).toEqual([]);
});

test('goes by the limit of the month’s end: a raise may be over by then', async () => {
  await raise(100, '2026-11-22T00:00:00Z');
  await watch(async () => ({ ...CROSSES, limit: 600 })).look();
  expect(await alerts()).toEqual(['forecast 500 of 500']);
});

test('and by a raise that holds until then', async () => {
  await raise(100, '2026-12-01T00:00:00Z');
  await watch(async () => ({ ...CROSSES, limit: 600 })).look();
  expect(await alerts()).toEqual([]);
});

test('tells nothing where the budget has no thresholds', async () => {
  await ledger.configureBudget(DEFAULT_SERVICE, NOVEMBER, budgetOf({ scopes: { all: 500 }, thresholds: [] }));
  await watch(async () => CROSSES).look();
  expect(await alerts()).toEqual([]);
});

test('a look that fails is told, forgets what was seen, and the next is made all the same', async () => {
  const failures: unknown[] = [];
  let fails = false;
  const away = new Error('away');
  const watched = watch(
    () => (fails ? Promise.reject(away) : Promise.resolve(CROSSES)),
    (failure) => failures.push(failure),
  );
  await watched.look();
  fails = true;
  await watched.look();
  expect([failures, watched.latest(DEFAULT_SERVICE)]).toEqual([[away], null]);
  fails = false;
  await watched.look();
  expect(watched.latest(DEFAULT_SERVICE)).toEqual(CROSSES);
});

test('says when the next look is due, and nothing while one is under way', async () => {
  let finish: (seen: WatchedForecast) => void = () => {};
  const watched = watch(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  expect([watched.everyMs, watched.nextLookAt()]).toEqual([1, null]);
  watched.start();
  expect(watched.nextLookAt()).toBeNull();
  finish(CROSSES);
  while (watched.nextLookAt() === null) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(watched.nextLookAt()).toBe(NOW + 1);
  await watched.stop();
});

test('looks at once when it is started, once however often that is, and ends when it is stopped', async () => {
  let looks = 0;
  const watched = watch(async () => {
    looks += 1;
    return CROSSES;
  });
  watched.start();
  watched.start();
  await watched.stop();
  watched.start();
  expect(looks).toBe(1);
});
