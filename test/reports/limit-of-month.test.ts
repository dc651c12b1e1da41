import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { readForecast } from '../../src/reports/forecast/read-forecast.ts';
import { readMonthOverview } from '../../src/reports/month-overview.ts';
import { createMonthReports } from '../../src/reports/month-reports.ts';
import { monthNamed } from '../ledger/contract/builders.ts';
import { LedgerCase } from '../ledger/contract/ledger-case.ts';
import { RECKONING } from './shipped.ts';

const NOVEMBER = monthNamed('2026-11');

let ledger: Ledger;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});
afterEach(() => ledger.close());

/** Everything that names a limit, as of an instant. */
async function limitsAt({ service }: LedgerCase, now: string) {
  const clock = { now: () => Date.parse(now) };
  const reports = createMonthReports({ ledger, clock, classes: ['guest'], reckoning: RECKONING });
  const overview = await readMonthOverview(reports, clock, service, NOVEMBER);
  const question = { service, month: NOVEMBER, nowMs: clock.now(), reckoning: RECKONING };
  const { limit, exhaustedOn } = await readForecast(ledger, question);
  const { budget } = overview.summary;
  return { budget, limits: overview.limits, forecast: { limit, exhaustedOn } };
}

test('a raise until the end of the month stays in the figures of the month when it is over', async () => {
  const c = new LedgerCase({ ledger });
  await c.budget('2026-11', { scopes: { all: 2, 'class:guest': 1 } });
  await c.raise('all', { until: '2026-12-01T00:00:00Z', month: NOVEMBER, identities: 3 });
  const guests = { month: NOVEMBER, scope: 'class:guest', identities: 4 } as const;
  await c.raise('guests', { until: '2026-12-01T00:00:00Z', ...guests });
  for (const person of ['ann', 'bob', 'cy']) await c.admit(person, '2026-11-20T21:00:00Z');

  const during = await limitsAt(c, '2026-11-30T23:59:59.999Z');
  expect(during).toEqual({
    budget: { limit: 5, raised: 3, used: 3, remaining: 2, overByEvidence: 0, mode: 'block' },
    limits: [{ scope: 'class:guest', limit: 5, used: 0 }],
    forecast: { limit: 5, exhaustedOn: null },
  });
  expect(await limitsAt(c, '2026-12-01T00:00:00Z')).toEqual(during);
  expect(await limitsAt(c, '2027-02-01T00:00:00Z')).toEqual(during);
});

test('a raise that ended within the month is not in the figures of its end', async () => {
  const c = new LedgerCase({ ledger });
  await c.budget('2026-11', { scopes: { all: 2 } });
  await c.raise('fair', { until: '2026-11-30T23:59:59Z', identities: 3 });
  expect((await limitsAt(c, '2026-11-30T23:59:58.999Z')).budget).toMatchObject({ limit: 5, raised: 3 });
  for (const now of ['2026-11-30T23:59:59Z', '2026-12-05T00:00:00Z']) {
    const { budget, forecast } = await limitsAt(c, now);
    expect([budget, forecast.limit]).toMatchObject([{ limit: 2, raised: 0 }, 2]);
  }
});
