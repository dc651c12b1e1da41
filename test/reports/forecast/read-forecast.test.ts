import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { forecastSchema } from '../../../src/contract/figures.ts';
import { type Month, parseMonth } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { readForecast } from '../../../src/reports/forecast/read-forecast.ts';
import { createMonthReports } from '../../../src/reports/month-reports.ts';
import { budgetOf } from '../../ledger/contract/builders.ts';
import { LedgerCase } from '../../ledger/contract/ledger-case.ts';
import { mintTokens, recordActs } from '../fill-month.ts';
import { RECKONING } from '../shipped.ts';

const NOVEMBER = parseMonth('2026-11') as Month;

let ledger: Ledger;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});
afterEach(() => ledger.close());

async function forecast(now: string, month: Month = NOVEMBER) {
  const nowMs = Date.parse(now);
  const read = await readForecast(ledger, { service: DEFAULT_SERVICE, month, nowMs, reckoning: RECKONING });
  expect(forecastSchema.strict().parse(read)).toEqual(read);
  return read;
}

/** So many new people on each of some days. */
async function fill(month: string, newcomersADay: readonly number[]): Promise<void> {
  for (const [day, newcomers] of newcomersADay.entries()) {
    const at = `${month}-${String(day + 1).padStart(2, '0')}T12:00:00Z`;
    const identities = Array.from({ length: newcomers }, (_, index) => `m_${month}_${day}_${index}`);
    await mintTokens(
      ledger,
      identities.map((identity) => ({ identity, at })),
    );
  }
}

describe('there is no forecast', () => {
  test.each([
    ['2026-10-31T23:59:59Z', 'not-begun'],
    ['2026-11-01T00:00:00Z', 'too-early'],
    ['2026-11-02T23:59:59Z', 'too-early'],
    ['2026-11-03T00:00:00Z', 'too-few-identities'],
  ])('at %s of 49 people: %s', async (now, reason) => {
    await fill('2026-11', [49]);
    expect(await forecast(now)).toMatchObject({
      ...{ identities: null, cost: null, reason, method: 'none', used: 49, exhaustedOn: null, basis: [] },
    });
  });

  test('but the day is known on which a small budget was used up', async () => {
    await ledger.configureBudget(DEFAULT_SERVICE, NOVEMBER, budgetOf({ scopes: { all: 4 }, mode: 'warn' }));
    await fill('2026-11', [3, 2]);
    expect(await forecast('2026-11-02T13:00:00Z')).toMatchObject({
      ...{ identities: null, limit: 4, used: 5, exhaustedOn: '2026-11-02' },
    });
  });
});

describe('a forecast', () => {
  test('with a whole month before goes by its curve, and names it', async () => {
    await fill('2026-10', [100, 20, ...Array<number>(8).fill(5)]);
    await fill('2026-11', [100, 20]);
    const read = await forecast('2026-11-03T00:00:00Z');
    expect(read).toMatchObject({ method: 'share-of-final', basis: ['2026-10'], reason: null, used: 120 });
    expect(read.identities).toEqual({ low: 152, mid: 160, high: 169 });
    expect(read.cost).toMatchObject({ currency: 'USD', low: 0, mid: 8, high: 8.45, table: 'flat' });
  });

  test('names no month that had hardly begun at this part, and so was not used', async () => {
    await fill('2026-09', [0, 0, 1, ...Array<number>(20).fill(100)]);
    await fill('2026-10', [100, 20, ...Array<number>(8).fill(5)]);
    await fill('2026-11', [100, 20]);
    const read = await forecast('2026-11-03T00:00:00Z');
    expect(read).toMatchObject({ method: 'share-of-final', basis: ['2026-10'] });
    expect(read.identities).toMatchObject({ mid: 160 });
  });

  test('does not go by a month that was recorded from its middle on', async () => {
    await fill('2026-10', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60]);
    await fill('2026-11', [100, 20]);
    expect(await forecast('2026-11-03T00:00:00Z')).toMatchObject({ method: 'seven-day-pace', basis: [] });
  });

  test('tells when the budget runs out, by each end of the band', async () => {
    await ledger.configureBudget(DEFAULT_SERVICE, NOVEMBER, budgetOf({ scopes: { all: 200 } }));
    await fill('2026-11', [60, 10, 10, 10, 10]);
    const read = await forecast('2026-11-06T00:00:00Z');
    expect(read).toMatchObject({
      ...{ method: 'seven-day-pace', identities: { low: 225, mid: 350, high: 413 } },
      ...{
        limit: 200,
        exhaustedOn: '2026-11-15',
        exhaustedBetween: { earliest: '2026-11-13', latest: '2026-11-25' },
      },
    });
  });

  test('takes a raise into account until it ends', async () => {
    const c = Object.assign(new LedgerCase({ ledger }), { service: DEFAULT_SERVICE });
    await ledger.configureBudget(DEFAULT_SERVICE, NOVEMBER, budgetOf({ scopes: { all: 200 } }));
    await fill('2026-11', [60, 10, 10, 10, 10]);
    await c.raise('fair', { until: '2026-11-20T12:00:00Z', identities: 1_000 }, '2026-11-05T00:00:00Z');
    // Without it the day would be the 15th; the day on which it ends is over the limit at its end.
    expect(await forecast('2026-11-06T00:00:00Z')).toMatchObject({ limit: 1_200, exhaustedOn: '2026-11-20' });
    await c.raise(
      'long',
      { until: '2026-12-01T00:00:00Z', month: NOVEMBER, identities: 1_000 },
      '2026-11-05T00:00:00Z',
    );
    expect(await forecast('2026-11-06T00:00:00Z')).toMatchObject({ limit: 2_200, exhaustedOn: null });
  });

  test('knows no crossing without a budget, and none of a budget that is off', async () => {
    await fill('2026-11', [60, 10, 10, 10, 10]);
    expect(await forecast('2026-11-06T00:00:00Z')).toMatchObject({ limit: null, exhaustedOn: null });
    await ledger.configureBudget(DEFAULT_SERVICE, NOVEMBER, budgetOf({ scopes: { all: 70 }, mode: 'off' }));
    expect(await forecast('2026-11-06T00:00:00Z')).toMatchObject({ limit: null, exhaustedOn: null });
  });

  test('costs less by the low reading, as many of a hundred being active as now', async () => {
    await fill('2026-11', [60, 20, 20]);
    const at = '2026-11-01T13:00:00Z';
    await recordActs(
      ledger,
      Array.from({ length: 50 }, (_, index) => ({
        identity: `m_2026-11_0_${index}`,
        signal: 'connected' as const,
        at,
      })),
    );
    const { identities, cost } = await forecast('2026-11-04T00:00:00Z');
    expect(cost).toMatchObject({
      low: Number((Math.round(identities!.low / 2) * 0.05).toFixed(6)),
      high: Number((identities!.high * 0.05).toFixed(6)),
    });
  });

  test('of a month that is over is what the month was, with the cost of its summary', async () => {
    await fill('2026-10', [3, 2]);
    await recordActs(ledger, [{ identity: 'm_2026-10_0_0', signal: 'messaged', at: '2026-10-02T13:00:00Z' }]);
    const october = parseMonth('2026-10') as Month;
    const read = await forecast('2026-11-03T00:00:00Z', october);
    expect(read).toMatchObject({ method: 'final', identities: { low: 5, mid: 5, high: 5 }, reason: null });
    const clock = { now: () => Date.parse('2026-11-03T00:00:00Z') };
    const reports = createMonthReports({ ledger, clock, classes: [], reckoning: RECKONING });
    const { cost } = await reports.summary(DEFAULT_SERVICE, october);
    expect(read.cost).toMatchObject({ low: cost!.low, high: cost!.high });
  });
});
