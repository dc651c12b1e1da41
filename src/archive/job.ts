import type { Clock } from '../domain/clock.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ManifestKey, PublicJwk } from '../reports/manifest-key.ts';
import type { ArchiveBook, ArchiveLease } from './archive-book.ts';
import type { ArchiveFolder } from './archive-folder.ts';

/** What a piece of work on the archive of a service is done with, under its lease. */
export interface ArchiveJob {
  service: ServiceName;
  ledger: Ledger;
  folder: ArchiveFolder;
  book: ArchiveBook;
  lease: ArchiveLease;
  clock: Clock;
  /** What becomes of a folder's chain that the ledger does not know: only a restoration takes it up. */
  unknownChain: 'refuse' | 'take-up';
  /** Signs entries; null leaves them unsigned. */
  key: ManifestKey | null;
  /** Keys that may have signed earlier entries. */
  publicKeys: readonly PublicJwk[];
  /** Between two slices: keeps the lease. @throws TakenOver; what the work was aborted with */
  tick(): Promise<void>;
  /** Waits until calls that were under way have ended. */
  settle(): Promise<void>;
}

/** The work cannot be done as things are; whoever operates the gateway is told. */
export class ArchiveUnfit extends Error {
  override readonly name = 'ArchiveUnfit';
}
