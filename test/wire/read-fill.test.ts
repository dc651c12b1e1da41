import { afterEach, expect, test } from '@jest/globals';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { readFill } from '../../src/wire/read-fill.ts';
import { LedgerCase } from '../ledger/contract/ledger-case.ts';
import { settableClock } from '../support/clock.ts';

const ledger = openSqliteLedger({ path: ':memory:' });
const clock = settableClock(Date.parse('2026-11-20T21:00:00Z'));

afterEach(() => clock.set(Date.parse('2026-11-20T21:00:00Z')));

async function budgetOfMonth({ service }: LedgerCase): Promise<number | null | undefined> {
  const [fill] = await readFill(ledger, [service], clock, { latest: () => null });
  return fill?.budget;
}

test('a month may hold its limit and the raises that are in force', async () => {
  const c = new LedgerCase({ ledger });
  expect(await budgetOfMonth(c)).toBeNull();
  await c.budget('2026-11', { scopes: { all: 7 } });
  await c.raise('fair', { until: '2026-11-21T00:00:00Z', identities: 5 });
  expect(await budgetOfMonth(c)).toBe(12);
  clock.advance(24 * 3_600_000);
  expect(await budgetOfMonth(c)).toBe(7);
});

test.each([
  ['that is off', { mode: 'off', scopes: { all: 7 } }],
  ['for a class alone', { scopes: { 'class:guest': 7 } }],
] as const)('a budget %s is no limit of the month', async (_, budget) => {
  const c = new LedgerCase({ ledger });
  await c.budget('2026-11', budget);
  expect(await budgetOfMonth(c)).toBeNull();
});
