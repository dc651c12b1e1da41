import { type Month, monthOf, previousMonth } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { MonthDocuments } from '../ledger/month-documents.ts';
import { readKeptSetup } from './kept-figures.ts';
import type { SetupFinding } from './ports.ts';

/** What was wrong with a service's setup at Twilio when somebody looked last. */
export interface SetupFindings {
  /** ISO-8601. */
  lookedAt: string;
  /** Since then, at least 0. */
  ageSeconds: number;
  /** Empty: all was well. */
  findings: SetupFinding[];
}

/** Of the current month or, until the first pull of it, of the one before; null for other months, and when nobody looked. */
export async function readNewestSetup(
  ledger: Pick<MonthDocuments, 'documents'>,
  service: ServiceName,
  month: Month,
  nowMs: number,
): Promise<SetupFindings | null> {
  if (month !== monthOf(nowMs)) return null;
  for (const one of [month, previousMonth(month)]) {
    const kept = await readKeptSetup(ledger, service, one);
    if (kept === null) continue;
    return { ...kept, ageSeconds: Math.max(0, Math.round((nowMs - Date.parse(kept.lookedAt)) / 1000)) };
  }
  return null;
}
