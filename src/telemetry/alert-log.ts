import type { AlertEventSink } from '../alerts/ports.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

const LEVELS = { delivered: 'info', pending: 'warn', 'given-up': 'error' } as const;

/**
 * Writes one line per attempt to deliver an alert and counts it. ERROR, which wakes a human, when an alert is given
 * up: somebody was to be told and was not.
 */
export function createAlertEventSink(logger: Logger, metrics: Metrics): AlertEventSink {
  return (event) => {
    switch (event.kind) {
      case 'attempt': {
        const { service, alertId, target, state, attempts, error, dueAt, failure } = event;
        metrics.countDelivery(target, state === 'pending' ? 'failed' : state);
        const line = {
          ...{ event: 'alert.attempt', service, alertId, target, state, attempts, error },
          nextAttemptAt: dueAt === null ? null : new Date(dueAt).toISOString(),
          ...(failure === undefined ? {} : { err: failure }),
        };
        logger[LEVELS[state]](line);
        return;
      }
      case 'skipped': {
        const { service, alertId, target } = event;
        // A target that is new may skip a year of alerts.
        logger.debug({ event: 'alert.skipped', service, alertId, target });
        return;
      }
      case 'stalled':
        logger.warn({ event: 'alerts.stalled', target: event.target, err: event.failure });
        return;
      case 'resumed':
        logger.info({ event: 'alerts.resumed', target: event.target });
        return;
      default:
        event satisfies never;
    }
  };
}
