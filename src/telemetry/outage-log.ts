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

/** Says when the ledger is lost and when it is back, and counts who was served meanwhile. */
export function createOutageSink(logger: Logger, metrics: OutageMetrics): OutageSink {
  const openSince = new Map<string, number>();
  return {
    connection(state, detail) {
      if (state === 'ready') logger.info({ event: 'ledger.ready' });
      else logger.warn({ event: 'ledger.lost', reason: detail });
    },
    circuit(service, state, reason) {
      metrics.setCircuit(service, state === 'open');
      if (state === 'open') {
        openSince.set(service, performance.now());
        logger.warn({ event: 'ledger.outage', service, reason });
        return;
      }
      const since = openSince.get(service) ?? performance.now();
      openSince.delete(service);
      logger.info({
        event: 'ledger.back',
        service,
        seconds: Math.round((performance.now() - since) / 100) / 10,
      });
    },
    served: metrics.countOutageToken,
  };
}
