import type { ArchiveEvent } from '../archive/ports.ts';
import type { Logger } from './logger.ts';

/** One line for each piece of work on the archive. ERROR for one that failed: rows stay in the ledger until a human looks. */
export function createArchiveEventSink(logger: Logger): (event: ArchiveEvent) => void {
  return (event) => {
    if (event.event === 'archive.failed') {
      const { failure, ...line } = event;
      logger.error({ ...line, err: failure });
    } else if (event.event === 'archive.late') {
      logger.warn(event);
    } else {
      logger.info(event);
    }
  };
}
