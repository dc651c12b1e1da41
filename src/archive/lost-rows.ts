import type { Clock } from '../domain/clock.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createArchiveBook, type RowState } from './archive-book.ts';

/** Which rows of a month have left the ledger for the archive, or are leaving it. */
export interface LostRows {
  mints: boolean;
  people: boolean;
}

/**
 * Builds the question what of a month is in the archive only, so that the ledger cannot be asked for it. Whoever asks never
 * works on a month.
 */
export function createLostRowsReader(
  ledger: Pick<Ledger, 'documents' | 'keepDocument'>,
  clock: Clock,
): (service: ServiceName, month: Month) => Promise<LostRows> {
  const book = createArchiveBook(ledger, 'reader', () => clock.now());
  return async (service, month) => {
    const record = await book.read(service, month);
    return { mints: isLost(record?.mints), people: isLost(record?.people) };
  };
}

function isLost(state: RowState | undefined): boolean {
  return state === 'trimming' || state === 'trimmed';
}
