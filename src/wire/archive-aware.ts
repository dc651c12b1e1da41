import { randomUUID } from 'node:crypto';
import { createArchiveBook } from '../archive/archive-book.ts';
import { createArchiveCheck } from '../archive/archive-check.ts';
import { dropLate } from '../archive/drop-late.ts';
import { noteErasures } from '../archive/note-erasures.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createArchiveEventSink } from '../telemetry/archive-log.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface ArchiveAwareOptions {
  settings: Pick<Settings, 'retention'>;
  clock: Clock;
  logger: Logger;
}

/** A ledger that takes nothing for rows which have left it, and remembers whom the archive has to forget. */
export function archiveAware(ledger: Ledger, { settings, clock, logger }: ArchiveAwareOptions): Ledger {
  const book = createArchiveBook(ledger, randomUUID(), clock.now);
  const onEvent = createArchiveEventSink(logger);
  const timely = dropLate(ledger, book, clock, (service, month, pieces) =>
    onEvent({ event: 'archive.late', service, month, pieces }),
  );
  return noteErasures(timely, book, createArchiveCheck(book, settings.retention.archive !== null));
}
