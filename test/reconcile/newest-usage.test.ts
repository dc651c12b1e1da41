import { expect, test } from '@jest/globals';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { readNewestUsage } from '../../src/reconcile/newest-usage.ts';

const OCTOBER = '2026-10' as Month;
const NOVEMBER = '2026-11' as Month;
const NOW = Date.parse('2026-11-02T12:00:00Z');

test('Twilio’s figure that was read last is that of the month, else of the one before', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const keep = (month: Month, pulledAt: string, figures: object | null) =>
    ledger.keepDocument(DEFAULT_SERVICE, month, {
      name: `twilio:usage:${pulledAt}`,
      text: JSON.stringify({ pulledAt, figures }),
    });
  const read = () => readNewestUsage(ledger, DEFAULT_SERVICE, NOVEMBER, NOW);

  expect(await read()).toBeNull();
  await keep(OCTOBER, '2026-10-31T12:00:00.000Z', { count: 7 });
  await keep(NOVEMBER, '2026-11-01T12:00:00.000Z', null);
  expect(await read()).toEqual({
    month: OCTOBER,
    pulledAt: '2026-10-31T12:00:00.000Z',
    ageSeconds: 48 * 3_600,
  });
  await keep(NOVEMBER, '2026-11-02T11:00:00.000Z', { count: 1 });
  expect(await read()).toMatchObject({ month: NOVEMBER, ageSeconds: 3_600 });
  await ledger.keepDocument(DEFAULT_SERVICE, NOVEMBER, {
    name: 'twilio:usage:2026-11-02T11:00:00.000Z',
    text: JSON.stringify({
      ...{ pulledAt: '2026-11-02T11:00:00.000Z', seenAgainAt: '2026-11-02T11:30:00.000Z' },
      figures: { count: 1 },
    }),
  });
  expect(await read()).toMatchObject({ pulledAt: '2026-11-02T11:30:00.000Z', ageSeconds: 1_800 });
  await ledger.close();
});
