import type { ServiceName } from '../domain/service-name.ts';
import type { ArchiveBook } from './archive-book.ts';

/**
 * Builds the question whether there is an archive, which may know people of whom the ledger has nothing any more.
 *
 * @param hasFolder whether this gateway has one: a ledger that lost its data does not know what is in it
 */
export function createArchiveCheck(
  book: Pick<ArchiveBook, 'readHead'>,
  hasFolder: boolean,
): (service: ServiceName) => Promise<boolean> {
  return async (service) => hasFolder || (await book.readHead(service)) !== null;
}
