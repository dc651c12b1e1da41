import { GatewayError } from '../domain/gateway-error.ts';
import { createEvidenceBatches } from './evidence-batches.ts';
import type { EvidenceJournal, RecordEvidence } from './ports.ts';
import { createJournalReplay, type JournalReplayParts } from './replay-journal.ts';
import { within } from './within.ts';

export interface KeepEvidenceParts extends Omit<JournalReplayParts, 'journal'> {
  /** Null: what the ledger does not take is refused. */
  journal: EvidenceJournal | null;
}

/** Evidence, with its marks, on its way to where it is safe. */
export interface EvidenceKeeper {
  /**
   * Resolves within a second when evidence and marks are in the ledger or, while that is away, in the journal. Safe
   * to repeat.
   *
   * @throws GatewayError `ledger-unavailable` when neither took it in time
   */
  record: RecordEvidence;
  /** Begins to bring what an earlier process left in the journal to the ledger. */
  start(): void;
  /** Lets go of the journal; what is in it stays for the next process. */
  stop(): Promise<void>;
}

/** Together below the second within which every sender of evidence gets its answer. */
const LEDGER_DEADLINE_MS = 500;
const JOURNAL_DEADLINE_MS = 400;

export function createEvidenceKeeper(parts: KeepEvidenceParts): EvidenceKeeper {
  const { ledger, journal, onEvent } = parts;
  const toLedger = createEvidenceBatches(ledger);
  if (journal === null) {
    return {
      record: (service, evidence, marks) => within(LEDGER_DEADLINE_MS, toLedger(service, evidence, marks)),
      start: () => {},
      stop: async () => {},
    };
  }

  const replay = createJournalReplay({ ...parts, journal });
  return {
    async record(service, evidence, marks = []) {
      // While the journal waits for the ledger, asking it again would only cost every sender the deadline.
      if (!replay.isWaiting()) {
        try {
          return await within(LEDGER_DEADLINE_MS, toLedger(service, evidence, marks));
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
        }
      }
      try {
        await within(JOURNAL_DEADLINE_MS, journal.append(service, evidence, marks));
        onEvent({ kind: 'appended', bytes: journal.bytes() });
      } catch (failure) {
        onEvent({ kind: 'refused', failure, bytes: journal.bytes() });
        throw failure;
      } finally {
        // Also after a failure: what came too late to be acknowledged may stand in the journal all the same.
        replay.start();
      }
    },
    start: () => replay.start(),
    async stop() {
      await replay.stop();
      await journal.close();
    },
  };
}
