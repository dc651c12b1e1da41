import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { BeaconLedger } from '../ledger/beacons.ts';
import type { JournalKeeper } from '../ledger/journal/ports.ts';
import type { EvidenceLedger, JoiningLedger } from '../ledger/ledger.ts';
import { createEvidenceKeeper } from '../signals/keep-evidence.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Limits } from './limits.ts';
import { wireBeacons } from './wire-beacons.ts';
import type { WiredLedger } from './wire-ledger.ts';
import { wireWebhooks } from './wire-webhooks.ts';

export interface WireSignalsOptions {
  settings: Settings;
  ledger: EvidenceLedger & BeaconLedger & JoiningLedger;
  journal: JournalKeeper | null;
  onDataLoss: WiredLedger['onDataLoss'];
  onErasure: WiredLedger['onErasure'];
  clock: Clock;
  limits: Limits;
  logger: Logger;
  metrics: Metrics;
}

/** Everything that brings evidence: webhooks, and the rest as routers with the paths that they are mounted at. */
export function wireSignals(options: WireSignalsOptions) {
  const parts = { ...options, recordEvidence: createEvidenceKeeper(options) };
  const { webhooks, routes } = wireWebhooks(parts);
  return { webhooks, routes: [['/v1/beacons', wireBeacons(parts)] as const, ...routes] };
}
