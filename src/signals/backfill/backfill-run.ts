import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BackfillRecord } from './backfill-progress.ts';
import type { KeepActs } from './keep-acts.ts';
import type { PacedRead } from './paced-reads.ts';
import type { TwilioHistory } from './ports.ts';
import type { ActsContext } from './read-acts.ts';

/** What reading a month works with. */
export interface BackfillRun {
  history: TwilioHistory;
  paced: PacedRead;
  keep: KeepActs;
  service: ServiceName;
  month: Month;
  context: ActsContext;
  /** Changed as the work goes on. */
  record: BackfillRecord;
  /** Keeps the record, so that another process can go on from there; rejects when one has done so. */
  save(): Promise<void>;
  /** Keeps others away while something takes long. */
  renew(): Promise<void>;
  signal: AbortSignal;
}

/** The only way to Twilio: at the common pace, noted in the record, repetitions too. */
export async function makeCall<Answer>(
  { paced, record, renew, signal }: BackfillRun,
  read: () => Promise<Answer>,
): Promise<Answer> {
  await renew();
  return paced(() => {
    record.read.calls++;
    return read();
  }, signal);
}
