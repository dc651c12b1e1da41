import { type Month, previousMonth } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthDocuments } from '../ledger/month-documents.ts';
import { lastReadAt, readKeptFigures } from './kept-figures.ts';

/** Twilio's own figure that was read last. */
export interface NewestUsage {
  month: Month;
  /** When it was read, ISO-8601. */
  pulledAt: string;
  /** Since then, at least 0. */
  ageSeconds: number;
}

/** Of this month or, on its first days, of the one before; null when there is none. */
export async function readNewestUsage(
  ledger: Pick<MonthDocuments, 'documents'>,
  service: ServiceName,
  month: Month,
  nowMs: number,
): Promise<NewestUsage | null> {
  for (const one of [month, previousMonth(month)]) {
    const { usage } = await readKeptFigures(ledger, service, one);
    const latest = usage.findLast(({ figures }) => figures !== null);
    if (latest === undefined) continue;
    const pulledAt = lastReadAt(latest);
    return { month: one, pulledAt, ageSeconds: Math.max(0, (nowMs - Date.parse(pulledAt)) / 1000) };
  }
  return null;
}
