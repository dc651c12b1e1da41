import type { ReconcileEvent } from '../reconcile/ports.ts';
import type { Logger } from './logger.ts';

/**
 * Writes one line for each try to pull Twilio's figures. WARN for one that failed: the earlier figures stay, and the next
 * try comes by itself.
 */
export function createReconcileEventSink(logger: Logger): (event: ReconcileEvent) => void {
  return (event) => {
    if (event.event === 'reconcile.pulled') return logger.info(event);
    const { failure, ...line } = event;
    logger.warn(failure === undefined ? line : { ...line, err: failure });
  };
}
