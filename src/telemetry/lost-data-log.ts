import type { LostDataEvent } from '../ledger/redis/lost-data/ports.ts';
import type { Logger } from './logger.ts';
import type { OutageMetrics } from './outage-metrics.ts';

/** Says and counts that a ledger came back with less than it had, and whether it was told again. */
export function createLostDataSink(logger: Logger, metrics: OutageMetrics): (event: LostDataEvent) => void {
  return (happened) => {
    const { service } = happened;
    switch (happened.event) {
      case 'lost':
        metrics.countDataLoss(service);
        logger.error({ event: 'ledger.data-lost', service });
        return;
      case 'restored':
        logger.warn({
          event: 'ledger.data-restored',
          service,
          people: happened.people,
          durationMs: Math.round(happened.durationMs),
        });
        return;
      case 'not-restored':
        logger.error({ event: 'ledger.data-not-restored', service, reason: happened.reason });
        return;
      default:
        happened satisfies never;
    }
  };
}
