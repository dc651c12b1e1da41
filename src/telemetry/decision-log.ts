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

/**
 * What there is nothing to say of is left out. Written field by field: a mint has one such line, and copying an event into
 * another object is several times slower.
 */
function lineOf(event: DecisionEvent): object {
  return {
    event: `token.${event.outcome}`,
    requestId: event.requestId,
    outcome: event.outcome,
    code: event.code ?? undefined,
    service: event.service,
    intent: event.intent,
    tabState: event.tabState ?? undefined,
    device: event.device ?? undefined,
    via: event.via ?? undefined,
    class: event.class ?? undefined,
    person: event.person ?? undefined,
    month: event.month ?? undefined,
    firstThisMonth: event.firstThisMonth ?? undefined,
    rule: event.rule ?? undefined,
    withoutLedger: event.withoutLedger || undefined,
    shadow: event.shadow.length > 0 ? event.shadow : undefined,
    reason: event.reason ?? undefined,
    durationMs: Math.round(event.durationMs * 1000) / 1000,
  } satisfies Record<keyof DecisionEvent | 'event', unknown>;
}
