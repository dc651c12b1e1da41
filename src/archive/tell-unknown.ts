import { createAttempts } from '../async/create-attempts.ts';
import { repeat } from '../async/repeat.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { ArchiveBook } from './archive-book.ts';
import type { ArchiveFolder } from './archive-folder.ts';
import type { ArchiveEvent } from './ports.ts';
import { standingEntries } from './verify-archive.ts';

export interface UnknownTellerParts {
  book: Pick<ArchiveBook, 'readHead'>;
  folderOf(service: ServiceName): Pick<ArchiveFolder, 'entries'>;
  services: readonly ServiceName[];
  onEvent(event: ArchiveEvent): void;
  /** Takes what failed, once. */
  onFailure(service: string, failure: unknown): void;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A ledger that is away at the start is asked again after so long. */
const ASK_MS = 2_000;

/**
 * Tells once, after the start, of each service whose folder holds an archive that its ledger does not know: such a ledger
 * may have lost its data, and nobody would look for the months that can be put back.
 */
export function createUnknownTeller({
  book,
  folderOf,
  services,
  onEvent,
  onFailure,
  sleep,
}: UnknownTellerParts) {
  const attempt = createAttempts();
  const told = new Set<ServiceName>();

  async function tell(service: ServiceName): Promise<void> {
    const isKnown = (await book.readHead(service)) !== null;
    const entries = isKnown ? [] : standingEntries(await folderOf(service).entries());
    told.add(service);
    const months = entries.map(({ month }) => month).sort();
    const [oldest, newest] = [months[0], months.at(-1)];
    if (oldest === undefined || newest === undefined) return;
    onEvent({ event: 'archive.unknown', service, months: months.length, oldest, newest });
  }

  const asking = repeat({
    ...{ everyMs: ASK_MS, sleep },
    async turn() {
      for (const service of services) {
        if (told.has(service)) continue;
        await attempt(
          service,
          () => tell(service),
          (failure) => onFailure(service, failure),
        );
      }
      if (told.size === services.length) void asking.stop();
    },
    onFailure: (failure) => onFailure('all', failure),
  });
  return { start: asking.start, stop: asking.stop };
}
