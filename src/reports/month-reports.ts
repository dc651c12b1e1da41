import type { Clock } from '../domain/clock.ts';
import type { CountingRules } from '../domain/counting-rules.ts';
import { type Month, monthOf } from '../domain/month.ts';
import type { Reckoning } from '../domain/reckoning.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader, MonthTotals } from '../ledger/ledger.ts';
import { buildDays, type DayRow } from './days.ts';
import { buildMonthSummary, type MonthSummary } from './month-summary.ts';

/** The figures of months, read from the ledger. Rejects as the ledger does. */
export interface MonthReports {
  /**
   * Summary with cost; zeros for a month without data.
   *
   * @param rules to count by; those in force unless told
   */
  summary(service: ServiceName, month: Month, rules?: CountingRules): Promise<MonthSummary>;
  /** The same with what the ledger said, for figures that the summary does not hold. */
  summaryAndTotals(
    service: ServiceName,
    month: Month,
    rules?: CountingRules,
  ): Promise<{ summary: MonthSummary; totals: MonthTotals }>;
  days(service: ServiceName, month: Month): Promise<DayRow[]>;
  /** The current month and those with data, newest first. */
  months(service: ServiceName, limit: number): Promise<Month[]>;
}

export interface MonthReportsOptions {
  ledger: Pick<LedgerReader, 'totals' | 'days' | 'months'>;
  clock: Clock;
  /** Configured class names; listed even when nobody of them was seen. */
  classes: readonly string[];
  reckoning: Reckoning;
}

export function createMonthReports({ ledger, clock, classes, reckoning }: MonthReportsOptions): MonthReports {
  async function summaryAndTotals(service: ServiceName, month: Month, rules = reckoning.rules) {
    const totals = await ledger.totals(service, month);
    const settings = { service, asOfMs: clock.now(), classes, rules, prices: reckoning.prices };
    return { totals, summary: buildMonthSummary(totals, settings) };
  }

  return {
    summaryAndTotals,
    summary: async (service, month, rules) => (await summaryAndTotals(service, month, rules)).summary,
    days: async (service, month) => buildDays(await ledger.days(service, month), clock.now()),
    months: async (service, limit) => {
      const months = new Set([monthOf(clock.now()), ...(await ledger.months(service))]);
      return [...months].sort().reverse().slice(0, limit);
    },
  };
}
