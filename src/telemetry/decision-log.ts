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

/** Written out: a mint has one such line, and copying an event into another object is several times slower. */
function lineOf(event: DecisionEvent): { event: string } & DecisionEvent {
  return {
    event: `token.${event.outcome}`,
    requestId: event.requestId,
    outcome: event.outcome,
    code: event.code,
    service: event.service,
    intent: event.intent,
    tabState: event.tabState,
    device: event.device,
    via: event.via,
    class: event.class,
    person: event.person,
    month: event.month,
    firstThisMonth: event.firstThisMonth,
    rule: event.rule,
    withoutLedger: event.withoutLedger,
    shadow: event.shadow,
    reason: event.reason,
    durationMs: Math.round(event.durationMs * 1000) / 1000,
  };
}
