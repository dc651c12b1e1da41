import { type Month, monthStartSeconds, previousMonth } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthDocuments } from '../ledger/month-documents.ts';
import { readKeptFigures } from './kept-figures.ts';

const DAY_SECONDS = 86_400;

/**
 * What Twilio's record of the month before said, as far as it was read by the end of the same day of that month; null
 * when nobody had read it by then.
 */
export async function readPreviousUsage(
  ledger: Pick<MonthDocuments, 'documents'>,
  service: ServiceName,
  month: Month,
  nowMs: number,
): Promise<number | null> {
  const before = previousMonth(month);
  const days = Math.ceil((nowMs / 1000 - monthStartSeconds(month)) / DAY_SECONDS);
  const untilMs = (monthStartSeconds(before) + days * DAY_SECONDS) * 1000;
  const { usage } = await readKeptFigures(ledger, service, before);
  const known = usage.findLast(({ figures, pulledAt }) => figures !== null && Date.parse(pulledAt) < untilMs);
  return known?.figures?.count ?? null;
}
