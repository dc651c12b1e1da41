import { GatewayError } from '../domain/gateway-error.ts';
import type { JournalKeeper } from '../ledger/journal/ports.ts';
import type { EvidenceLedger } from '../ledger/ledger.ts';
import { createEvidenceBatches } from './evidence-batches.ts';
import type { RecordEvidence } from './ports.ts';
import type { RecentEventsOptions } from './recent-events.ts';

export interface KeepEvidenceParts extends Omit<RecentEventsOptions, 'eventsMax'> {
  ledger: EvidenceLedger;
  /** Null: what the ledger does not take is refused. */
  journal: Pick<JournalKeeper, 'appendEvidence' | 'isWaiting'> | null;
}

/** Together with what the journal may take below the second within which every sender of evidence gets its answer. */
const LEDGER_DEADLINE_MS = 500;

/**
 * Brings evidence, with its marks, to where it is safe: resolves within a second when they are in the ledger or, while
 * that is away, in the journal. Safe to repeat.
 *
 * @throws GatewayError `ledger-unavailable` when neither took it in time
 */
export function createEvidenceKeeper({ ledger, journal, ...memory }: KeepEvidenceParts): RecordEvidence {
  const toLedger = createEvidenceBatches(ledger, LEDGER_DEADLINE_MS, memory);
  if (journal === null) return toLedger;
  return async (service, evidence, marks = []) => {
    // While the journal waits for the ledger, asking it again would only cost every sender the deadline.
    if (!journal.isWaiting(service)) {
      try {
        return await toLedger(service, evidence, marks);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
      }
    }
    await journal.appendEvidence(service, evidence, marks);
  };
}
