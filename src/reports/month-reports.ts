import type { Clock } from '../domain/clock.ts';
import { type Month, monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader, MonthTotals } from '../ledger/ledger.ts';
import { COUNTING_RULES } from './counting-rules.ts';
import { buildDays, type DayRow } from './days.ts';
import { buildMonthSummary, type MonthSummary } from './month-summary.ts';
import { FLAT_PRICES } from './prices.ts';

/** The figures of months, read from the ledger. Rejects as the ledger does. */
export interface MonthReports {
  /** Summary with cost; zeros for a month without data. */
  summary(service: ServiceName, month: Month): Promise<MonthSummary>;
  /** The same with what the ledger said, for figures that the summary does not hold. */
  summaryAndTotals(
    service: ServiceName,
    month: Month,
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
}

export function createMonthReports({ ledger, clock, classes }: MonthReportsOptions): MonthReports {
  async function summaryAndTotals(service: ServiceName, month: Month) {
    const totals = await ledger.totals(service, month);
    const settings = {
      service,
      asOfMs: clock.now(),
      classes,
      rules: COUNTING_RULES,
      prices: FLAT_PRICES,
    };
    return { totals, summary: buildMonthSummary(totals, settings) };
  }

  return {
    summaryAndTotals,
    summary: async (service, month) => (await summaryAndTotals(service, month)).summary,
    days: async (service, month) => buildDays(await ledger.days(service, month), clock.now()),
    months: async (service, limit) => {
      const months = new Set([monthOf(clock.now()), ...(await ledger.months(service))]);
      return [...months].sort().reverse().slice(0, limit);
    },
  };
}
