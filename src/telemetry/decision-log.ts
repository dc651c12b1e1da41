import type { DecisionEvent, DecisionSink } from '../issue/ports.ts';
import type { Logger } from './logger.ts';

/**
 * Writes one line per token request. ERROR means that a human should look: only for failures of our own or of
 * something we depend on, never for a refusal.
 */
export function createDecisionSink(logger: Logger): DecisionSink {
  return (event, failure) => {
    if (event.outcome === 'failed') logger.error({ ...lineOf(event), err: failure });
    else logger.info(lineOf(event));
  };
}

function lineOf(event: DecisionEvent): object {
  return { event: `token.${event.outcome}`, ...event, durationMs: Math.round(event.durationMs * 1000) / 1000 };
}
