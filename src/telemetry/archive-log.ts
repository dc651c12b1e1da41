import type { ArchiveEvent } from '../archive/ports.ts';
import type { Logger } from './logger.ts';

const NEXT_STEP =
  'the folder of the archive holds months that the ledger does not know; if it lost its data: mau-guard archive list, ' +
  'then mau-guard restore for each month; else give this gateway a folder of its own';

/** One line for each piece of work on the archive. ERROR for one that failed: rows stay in the ledger until a human looks. */
export function createArchiveEventSink(logger: Logger): (event: ArchiveEvent) => void {
  return (event) => {
    if (event.event === 'archive.failed') {
      const { failure, ...line } = event;
      logger.error({ ...line, err: failure });
    } else if (event.event === 'archive.late') {
      logger.warn(event);
    } else if (event.event === 'archive.unknown') {
      logger.warn(event, NEXT_STEP);
    } else {
      logger.info(event);
    }
  };
}
