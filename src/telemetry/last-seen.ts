import type { Clock } from '../domain/clock.ts';
import type { EvidenceMetrics } from './evidence-metrics.ts';
import type { Metrics } from './metrics.ts';

/** When evidence came to this process last, ms since the epoch; null: not since it started. */
export interface EvidenceTimes {
  /** A webhook or an event that Twilio has signed. */
  webhook: number | null;
  /** A beacon with a token that holds. */
  beacon: number | null;
}

type Counts = Pick<EvidenceMetrics, 'countWebhook' | 'countStreamEvent'> & Pick<Metrics, 'countBeacon'>;

/** What anybody can send is no sign of life. */
const STRANGERS = new Set(['expired', 'unauthenticated', 'rate-limited']);

/** Remembers when something was counted last, beside counting it. */
export function createLastSeen(clock: Clock) {
  const times: EvidenceTimes = { webhook: null, beacon: null };
  const seen = (event: string) => {
    if (event !== 'unverified') times.webhook = clock.now();
  };
  return {
    read: (): EvidenceTimes => ({ ...times }),
    /** The same metrics, watched. */
    watch<Given extends Counts>(metrics: Given): Given {
      return {
        ...metrics,
        countWebhook(event, outcome) {
          seen(event);
          metrics.countWebhook(event, outcome);
        },
        countStreamEvent(event, outcome) {
          seen(event);
          metrics.countStreamEvent(event, outcome);
        },
        countBeacon(state, outcome) {
          if (!STRANGERS.has(outcome)) times.beacon = clock.now();
          metrics.countBeacon(state, outcome);
        },
      };
    },
  };
}
