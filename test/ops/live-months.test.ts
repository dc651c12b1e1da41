import { expect, test } from '@jest/globals';
import { LedgerUnavailable } from '../../src/domain/ledger-unavailable.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createLiveMonths, type LiveNews } from '../../src/ops/live-months.ts';
import type { MonthSummary } from '../../src/reports/month-summary.ts';
import { settableClock } from '../support/clock.ts';

/** What listeners hear and what is told of it, when looks end so one after the other. */
async function watch(looks: readonly (MonthSummary | Error)[]) {
  const told: unknown[] = [];
  const heard: LiveNews['kind'][] = [];
  let over: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  let looked = 0;
  const live = createLiveMonths({
    async read() {
      const look = looks[looked];
      looked += 1;
      if (look === undefined) {
        over();
        return new Promise<never>(() => {});
      }
      if (look instanceof Error) throw look;
      return look;
    },
    clock: settableClock(0),
    onFailure: (_service, failure) => void told.push(failure),
    readMs: 1,
  });
  live.watch(DEFAULT_SERVICE, ({ kind }) => void heard.push(kind));
  await ended;
  live.stop();
  return { heard, told };
}

const figures = { identities: 1 } as unknown as MonthSummary;
const defect = new TypeError('a defect');
const away = new LedgerUnavailable('late', 'away');

test('what is no outage of the ledger is told once, and pages are told that there are no figures', async () => {
  const { heard, told } = await watch([figures, defect, new TypeError('a defect'), figures, defect]);
  expect(heard).toEqual(['month', 'away', 'month', 'away']);
  expect(told).toEqual([defect, defect]);
});

test('an outage is told by others', async () => {
  const { heard, told } = await watch([away, away, figures]);
  expect(heard).toEqual(['away', 'month']);
  expect(told).toEqual([]);
});
