import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { JoiningLedger } from '../ledger/ledger.ts';
import type { EvidenceJournal, EvidenceStore } from '../signals/ports.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Limits } from './limits.ts';
import { wireBeacons } from './wire-beacons.ts';
import { wireEvidence } from './wire-evidence.ts';
import { wireWebhooks } from './wire-webhooks.ts';

export interface WireSignalsOptions {
  settings: Settings;
  ledger: EvidenceStore & JoiningLedger;
  journal: EvidenceJournal | null;
  clock: Clock;
  limits: Limits;
  logger: Logger;
  metrics: Metrics;
}

/** Everything that brings evidence, as routers with the paths that they are mounted at; the journal not started. */
export function wireSignals(options: WireSignalsOptions) {
  const { record: recordEvidence, start, stop } = wireEvidence(options);
  const parts = { ...options, recordEvidence };
  return {
    routes: [['/v1/beacons', wireBeacons(parts)] as const, ...wireWebhooks(parts)],
    start,
    stop,
  };
}
