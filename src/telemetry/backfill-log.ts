import type { BackfillEvent } from '../signals/backfill/ports.ts';
import type { Logger } from './logger.ts';

/** Tells how backfills go; whom they found is nobody's business here. */
export function createBackfillEventSink(logger: Logger): (event: BackfillEvent) => void {
  return (event) => {
    const { kind, service, month, calls } = event;
    const line = { event: `backfill.${kind}`, service, month, calls };
    switch (event.kind) {
      case 'started':
      case 'finished':
      case 'interrupted':
        logger.info(line);
        return;
      case 'stopped':
        logger.warn({ ...line, err: event.failure });
        return;
      case 'failed':
        logger.error({ ...line, err: event.failure });
        return;
      default:
        event satisfies never;
    }
  };
}
