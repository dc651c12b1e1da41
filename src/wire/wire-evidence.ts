import { setTimeout as pause } from 'node:timers/promises';
import { createEvidenceKeeper, type EvidenceKeeper } from '../signals/keep-evidence.ts';
import type { EvidenceJournal, EvidenceStore } from '../signals/ports.ts';
import { createJournalEventSink } from '../telemetry/evidence-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface WireEvidenceOptions {
  ledger: EvidenceStore;
  journal: EvidenceJournal | null;
  logger: Logger;
  metrics: Metrics;
}

/** Where evidence goes: the ledger, with the local journal behind it where there is one; not started. */
export function wireEvidence({ ledger, journal, logger, metrics }: WireEvidenceOptions): EvidenceKeeper {
  return createEvidenceKeeper({
    ledger,
    journal,
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => {}),
    onEvent: createJournalEventSink(logger, metrics),
  });
}
