import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { keepFigures } from '../../src/reconcile/kept-figures.ts';
import type { UsageFigures } from '../../src/reconcile/ports.ts';
import { readPreviousUsage } from '../../src/reconcile/previous-usage.ts';

const [OCTOBER, NOVEMBER] = ['2026-10', '2026-11'] as [Month, Month];

let ledger: Ledger;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});
afterEach(() => ledger.close());

function keep(pulledAt: string, count: number | null): Promise<void> {
  const figures = count === null ? null : ({ count } as UsageFigures);
  return keepFigures(ledger, DEFAULT_SERVICE, OCTOBER).usage({ pulledAt, figures });
}

const read = (now: string) => readPreviousUsage(ledger, DEFAULT_SERVICE, NOVEMBER, Date.parse(now));

it('is what was read last by the end of the same day', async () => {
  await keep('2026-10-04T23:59:59.000Z', 40);
  await keep('2026-10-05T00:00:00.000Z', 50);
  await keep('2026-11-02T00:00:00.000Z', 310);
  expect(await read('2026-11-03T12:00:00Z')).toBeNull();
  expect(await read('2026-11-04T00:00:01Z')).toBe(40);
  expect(await read('2026-11-05T00:00:01Z')).toBe(50);
  expect(await read('2026-11-30T12:00:00Z')).toBe(50);
  expect(await read('2026-12-20T12:00:00Z')).toBe(310);
});

it('passes over answers without a record', async () => {
  await keep('2026-10-02T10:00:00.000Z', 20);
  await keep('2026-10-03T10:00:00.000Z', null);
  expect(await read('2026-11-10T12:00:00Z')).toBe(20);
});

it('is nothing where nobody has asked Twilio', async () => {
  expect(await read('2026-11-10T12:00:00Z')).toBeNull();
});
