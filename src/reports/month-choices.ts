import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthReports } from './month-reports.ts';

/** Months that are listed unless told: a year and the month before it. */
export const MONTHS_LISTED = 13;

/** Months to choose from on a page about one of them: the current one, those with data and that one; newest first. */
export async function readMonthChoices(
  reports: Pick<MonthReports, 'months'>,
  service: ServiceName,
  shown: Month,
): Promise<Month[]> {
  const months = await reports.months(service, MONTHS_LISTED);
  return months.includes(shown) ? months : [...months, shown].sort().reverse();
}
