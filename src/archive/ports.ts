import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';

/** What happens about the archive. It names nobody. */
export type ArchiveEvent =
  /** One piece of work came to its end; of a sweep, the month is that of the oldest message that keeps a conversation. */
  | {
      event: 'archive.done';
      kind: 'archive' | 'trim' | 'restore' | 'sweep' | 'erase';
      service: ServiceName;
      month: Month;
    }
  | {
      event: 'archive.failed';
      kind: 'archive' | 'trim' | 'restore' | 'sweep' | 'erase';
      service: ServiceName;
      month: Month;
      failure: unknown;
    }
  /** Evidence, mints or messages of a month whose rows have left the ledger; they were dropped. */
  | { event: 'archive.late'; service: ServiceName; month: Month; pieces: number }
  /** At the start: the folder holds months of a chain that the ledger does not know. */
  | { event: 'archive.unknown'; service: ServiceName; months: number; oldest: Month; newest: Month };
