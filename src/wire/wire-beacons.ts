import { createBeaconTokens } from '../auth/beacon-tokens.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { createRateLimiter } from '../http/limits.ts';
import { createBeaconRoutes } from '../http/routes/beacons.ts';
import type { BeaconLedger } from '../ledger/beacons.ts';
import { createBeaconMemory } from '../signals/beacon-memory.ts';
import { createBeaconTally } from '../signals/beacon-tally.ts';
import { createClassByPrefix } from '../signals/class-by-prefix.ts';
import type { RecordEvidence } from '../signals/ports.ts';
import { createRecordBeacon } from '../signals/record-beacon.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Limits } from './limits.ts';
import type { WiredLedger } from './wire-ledger.ts';

export interface WireBeaconsOptions {
  settings: Pick<Settings, 'services' | 'classes' | 'identity' | 'limits'>;
  ledger: BeaconLedger;
  recordEvidence: RecordEvidence;
  onDataLoss: WiredLedger['onDataLoss'];
  onErasure: WiredLedger['onErasure'];
  clock: Clock;
  limits: Limits;
  metrics: Pick<Metrics, 'countBeacon'>;
}

/** A browser that reconnects in a bad network stays below it, also with a few tabs. In each process. */
const BEACONS_PER_MINUTE = 60;
/** Written beacons remembered, some 20 MB; beyond it the longest unused costs one more write. */
const WRITTEN_MAX = 65_536;

export function wireBeacons({
  settings,
  ledger,
  recordEvidence,
  onDataLoss,
  onErasure,
  clock,
  limits,
  metrics,
}: WireBeaconsOptions) {
  const { services, classes, identity } = settings;
  const { verifiedTokens, failedAuthenticationsPerMinute } = settings.limits;
  const memory = createBeaconMemory(WRITTEN_MAX);
  onDataLoss(memory.forget);
  // Who was erased and comes back is to be counted like one who never came.
  onErasure(memory.forget);
  return createBeaconRoutes({
    recordBeacon: createRecordBeacon({
      tokens: createBeaconTokens({ services, rememberedMax: verifiedTokens }),
      limiter: createRateLimiter({ perMinute: BEACONS_PER_MINUTE, clock }),
      ...{ memory, recordEvidence },
      classOf: createClassByPrefix(identity.strategy === 'opaque' ? classes : []),
      count: metrics.countBeacon,
      tally: createBeaconTally(ledger),
    }),
    clock,
    // Of their own: the stale tokens of laptops that wake up must not use up what logins of that office may fail.
    failedBeacons: limits.perMinute('failed-beacons', failedAuthenticationsPerMinute),
  });
}
