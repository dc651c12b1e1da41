import type { Logger } from './logger.ts';
import type { OutageMetrics } from './outage-metrics.ts';

/** What happens to the way to the ledger. Each must not throw. */
export interface OutageSink {
  /** The connection to Redis came up or was lost. */
  connection(state: 'ready' | 'lost', detail: string): void;
  /** Calls of a service are held back, or go out again. */
  circuit(service: string, state: 'open' | 'closed', reason: string): void;
  /** A token was given out without the ledger. */
  served(outcome: 'minted' | 'reused'): void;
}

/**
 * Says when the ledger is lost and when it is back, after how long, and counts who was served meanwhile. A circuit opens
 * only when somebody asks, so an outage is as old as the loss of the connection, if that came before.
 */
export function createOutageSink(logger: Logger, metrics: OutageMetrics): OutageSink {
  const openSince = new Map<string, number>();
  let lostSince: number | null = null;
  return {
    connection(state, detail) {
      if (state === 'lost') {
        lostSince ??= performance.now();
        logger.warn({ event: 'ledger.lost', reason: detail });
        return;
      }
      logger.info({
        event: 'ledger.ready',
        ...(lostSince === null ? {} : { seconds: secondsSince(lostSince) }),
      });
      lostSince = null;
    },
    circuit(service, state, reason) {
      metrics.setCircuit(service, state === 'open');
      if (state === 'open') {
        openSince.set(service, lostSince ?? performance.now());
        logger.warn({ event: 'ledger.outage', service, reason });
        return;
      }
      const since = openSince.get(service) ?? performance.now();
      openSince.delete(service);
      logger.info({ event: 'ledger.back', service, seconds: secondsSince(since) });
    },
    served: metrics.countOutageToken,
  };
}

function secondsSince(instant: number): number {
  return Math.round((performance.now() - instant) / 100) / 10;
}
