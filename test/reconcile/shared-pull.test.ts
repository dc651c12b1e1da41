import { expect, test } from '@jest/globals';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { createPeopleSource } from '../../src/reconcile/people-at-twilio.ts';
import { createReconciler } from '../../src/reconcile/reconciler.ts';
import { createMonthReports } from '../../src/reports/month-reports.ts';
import { RECKONING } from '../reports/shipped.ts';
import { settableClock } from '../support/clock.ts';
import { NO_LISTS, NOW, usageOf } from './reconcile-app.ts';

const NOVEMBER = parseMonth('2026-11')!;

test('whoever joins a pull gets an answer although the one who began it goes away', async () => {
  const clock = settableClock(Date.parse(NOW));
  const ledger = openSqliteLedger({ path: ':memory:' });
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let lists = 0;
  const reconciler = createReconciler({
    ...{ ledger, clock, category: 'pchat-users', ruleSets: RECKONING.ruleSets },
    reports: createMonthReports({ ledger, clock, classes: ['member'], reckoning: RECKONING }),
    usage: { readMonth: async () => usageOf(1), listTriggers: async () => [] },
    people: createPeopleSource({
      lists: {
        ...NO_LISTS,
        users: async () => {
          lists += 1;
          await held;
          return { items: [], next: null };
        },
      },
      identityOfAddress: (address) => address,
      pause: async (signal) => signal.throwIfAborted(),
    }),
    setup: { judge: async () => [] },
    siblings: () => [],
    onEvent: () => {},
  });

  const [first, second] = [new AbortController(), new AbortController()];
  const left = reconciler.pull(DEFAULT_SERVICE, NOVEMBER, { people: true, signal: first.signal });
  const stayed = reconciler.pull(DEFAULT_SERVICE, NOVEMBER, { people: true, signal: second.signal });
  const leaving = expect(left).rejects.toMatchObject({ name: 'AbortError' });
  while (lists === 0) await new Promise((resolve) => setImmediate(resolve));
  first.abort();
  letGo();
  await leaving;
  await expect(stayed).resolves.toMatchObject({ identities: { onlyAtTwilio: [] } });
  expect(lists).toBe(2);
  await ledger.close();
});
