import type { DecisionEvent, DecisionSink } from '../issue/ports.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/**
 * Writes one line per token request and counts it. ERROR means that a human should look: for failures of our own
 * or of the ledger, never for a refusal; an issuer that is down is somebody else's alarm.
 */
export function createDecisionSink(logger: Logger, metrics: Metrics): DecisionSink {
  return (event, failure) => {
    switch (event.outcome) {
      case 'minted':
      case 'reused':
        metrics.countToken(event.outcome, event.firstThisMonth === true ? 'new' : 'known');
        logger.info(lineOf(event));
        return;
      case 'refused':
        metrics.countDenied(event.code ?? 'internal');
        logger.info(lineOf(event));
        return;
      case 'failed': {
        metrics.countDenied(event.code ?? 'internal');
        const level = event.code === 'identity-provider-unavailable' ? 'warn' : 'error';
        logger[level]({ ...lineOf(event), err: failure });
        return;
      }
      default:
        event.outcome satisfies never;
    }
  };
}

function lineOf(event: DecisionEvent): object {
  return {
    event: `token.${event.outcome}`,
    ...event,
    durationMs: Math.round(event.durationMs * 1000) / 1000,
  };
}
